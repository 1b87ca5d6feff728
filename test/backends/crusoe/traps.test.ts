import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { signerOf } from '#backends/crusoe/sign'
import type { Row } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { crusoeCase } from './crusoe-case.ts'

const type = (name: string, more: Row): Row => ({
  product_name: name,
  gpu_type: '',
  num_gpu: 0,
  cpu_type: 'x86_64',
  cpu_cores: 8,
  memory_gb: 32,
  disk_gb: 0,
  ...more,
})

/** The offers of these types alone, by id, and what was rejected. */
const offersOf = async (types: readonly Row[]) => {
  const { collected } = await runImporter(crusoeCase, (asked, good) =>
    asked.path.endsWith('/types') ? { body: JSON.stringify({ items: types }) } : good(),
  )
  return { collected, byId: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

test('prices are per accelerator', async () => {
  const { collected } = await runImporter(crusoeCase)
  const prices = new Map(collected.offers.map((offer) => [offer.id, offer.priceNanoUsd]))
  expect(prices.get('crusoe/us-east1-a/l40s-48gb.10x/on-demand')).toBe(
    10 * (prices.get('crusoe/us-east1-a/l40s-48gb.1x/on-demand') ?? 0),
  )
})

test('a machine without a published price has none: neither zero nor an estimate', async () => {
  const { byId } = await offersOf([
    type('gb200-186gb-nvl.4x', { gpu_type: 'GB200-NVL-186GB', num_gpu: 4 }),
    type('b200-180gb-sxm-ib.8x', { gpu_type: 'B200-SXM-180GB', num_gpu: 8 }),
    type('mi355x-288gb.8x', { gpu_type: 'MI355X_288GB', num_gpu: 8 }),
    type('a40.1x', { gpu_type: 'A40-PCIe-48GB', num_gpu: 1 }),
    type('c1a.8x', {}),
  ])
  expect(byId.size).toBe(5)
  for (const { id, priceNanoUsd } of byId.values()) expect(priceNanoUsd, id).toBeNull()
  const gb200 = byId.get('crusoe/?/gb200-186gb-nvl.4x/on-demand')?.instanceType
  expect(gb200).toMatchObject({ architecture: 'arm64', gpu: { name: 'GB200' }, gpuCount: 4 })
  const c1a = byId.get('crusoe/?/c1a.8x/on-demand')?.instanceType
  expect(c1a).toMatchObject({ cpus: 8, gpu: null, gpuCount: 0, memoryMib: 32_768 })
})

test('the size in the name of a card picks its model', async () => {
  const { byId } = await offersOf([
    type('a100.1x', { gpu_type: 'A100-PCIe-40GB', num_gpu: 1 }),
    type('a100-80gb.1x', { gpu_type: 'A100-PCIe-80GB', num_gpu: 1 }),
  ])
  const memoryOf = (name: string) =>
    byId.get(`crusoe/?/${name}/on-demand`)?.instanceType.gpu?.memoryMib
  expect(memoryOf('a100.1x')).toBe(40 * 1024)
  expect(memoryOf('a100-80gb.1x')).toBe(80 * 1024)
})

test('accelerators half told make no CPU machine', async () => {
  const { collected } = await offersOf([
    type('count-alone', { num_gpu: 2 }),
    type('name-alone', { gpu_type: 'H100-SXM-80GB' }),
  ])
  expect(collected.offers).toEqual([])
  expect(collected.rejects).toContainEqual({ reason: 'accelerator not told', row: 'count-alone' })
  expect(collected.rejects).toContainEqual({
    reason: 'number of accelerators not told',
    row: 'name-alone',
  })
})

test('of the rows of a type and a location the most counts, and none is no stock', async () => {
  const { collected } = await runImporter(crusoeCase)
  const stocks = new Map(collected.offers.map((offer) => [offer.id, offer.stock]))
  expect(stocks.get('crusoe/us-east1-a/h100-80gb-sxm-ib.8x/on-demand')).toBe('low')
  expect(stocks.get('crusoe/eu-iceland1-a/h100-80gb-sxm-ib.8x/on-demand')).toBe('none')
  expect(stocks.get('crusoe/?/a100-80gb-sxm-ib.8x/on-demand')).toBe('none')
})

test('the capacity of a type that is not described is counted', async () => {
  const { collected } = await runImporter(crusoeCase)
  expect(collected.rejects).toContainEqual({
    reason: 'capacity of a type that is not described',
    row: 's2a.8x',
  })
})

test('a call is signed over path, sorted query, method and time', () => {
  const secret = Buffer.from('a secret of bytes: \u00ff?').toString('base64url')
  const headers = signerOf({ id: 'an-id', secret })({
    method: 'GET',
    url: new URL('https://api.crusoecloud.com/v1alpha5/capacities?b=2&a=1'),
    body: '',
    instant: '2026-11-24T12:00:00Z',
  })
  const signed = '/v1alpha5/capacities\na=1&b=2\nGET\n2026-11-24T12:00:00+00:00\n'
  const signature = createHmac('sha256', 'a secret of bytes: \u00ff?').update(signed)
  expect(headers).toEqual({
    'x-crusoe-timestamp': '2026-11-24T12:00:00+00:00',
    authorization: `Bearer 1.0:an-id:${signature.digest('base64url')}`,
  })
})

test('the server gets the signature of each call, never the secret', async () => {
  const { server } = await runImporter(crusoeCase)
  const signatures = server.asked.map(({ headers }) => headers.authorization)
  expect(new Set(signatures).size).toBe(2)
  for (const signature of signatures) {
    expect(signature).toMatch(/^Bearer 1\.0:canary-crusoe-id-41:[\w-]{43}$/)
  }
})

test('a part of the credentials is a mistake, not their absence', async () => {
  const importer = await crusoeCase.backend.importer()
  const id = 'CRUSOE_ACCESS_KEY_ID or CRUSOE_ACCESS_KEY'
  expect(importer.readiness({})).toEqual({
    status: 'missing',
    names: [id, 'CRUSOE_SECRET_KEY', 'CRUSOE_PROJECT_ID'],
  })
  expect(importer.readiness({ CRUSOE_SECRET_KEY: 'a secret' })).toEqual({
    status: 'misconfigured',
    names: [id, 'CRUSOE_PROJECT_ID'],
  })
})

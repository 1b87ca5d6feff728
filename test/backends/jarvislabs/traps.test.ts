import { expect, test } from 'vitest'
import { isRow, type Row } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { jarvislabsCase } from './jarvislabs-case.ts'

/** The offers of the answer with some of it replaced. */
const offersWith = async (more: Row, one = jarvislabsCase) => {
  const { collected } = await runImporter(one, (asked) => {
    const answer = one.world(asked)
    return { body: JSON.stringify({ ...(isRow(answer) ? answer : {}), ...more }) }
  })
  return { collected, byId: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

const pool = (more: Row): Row => ({
  gpu_type: 'L4',
  region: 'india-noida-01',
  num_gpus: 1,
  num_free_devices: 1,
  price_per_hour: 0.44,
  vram: '24',
  cpus_per_gpu: 28,
  ram_per_gpu: 124,
  workload_type: 'vm',
  ...more,
})

test('prices, vCPUs and memory are per accelerator', async () => {
  const { byId } = await offersWith({})
  const four = byId.get('jarvislabs/india-noida-01/L4-4x/on-demand')
  expect(four?.priceNanoUsd).toBe(1_760_000_000)
  expect(four?.instanceType).toMatchObject({ cpus: 112, memoryMib: 496 * 1024, gpuCount: 4 })
})

test('an effective number of 0 is none, whatever the other number says', async () => {
  const { byId } = await offersWith({})
  expect(byId.get('jarvislabs/india-noida-01/A100-80GB-1x/on-demand')?.stock).toBe('none')
})

test('more accelerators than are free are out of stock', async () => {
  const { byId } = await offersWith({})
  expect(byId.get('jarvislabs/india-noida-01/L4-2x/on-demand')?.stock).toBe('low')
  expect(byId.get('jarvislabs/india-noida-01/L4-4x/on-demand')?.stock).toBe('none')
})

test('without a number of free ones stock is unknown', async () => {
  const { byId } = await offersWith({ server_meta: [pool({ num_free_devices: null })] })
  expect(byId.get('jarvislabs/india-noida-01/L4-1x/on-demand')?.stock).toBe('unknown')
})

test('rows without a kind are virtual machines, containers are left out with their spot price', async () => {
  const { collected, byId } = await offersWith({})
  expect(byId.has('jarvislabs/europe-01/H100-1x/on-demand')).toBe(true)
  expect(collected.offers.filter(({ spot }) => spot)).toEqual([])
  expect(collected.rejects).toContainEqual({
    reason: 'no virtual machine',
    row: 'L4 in india-noida-01',
  })
})

test('a region whose address is not known is rejected', async () => {
  const { collected } = await offersWith({})
  expect(collected.rejects).toContainEqual({
    reason: 'region without known address',
    row: 'H100 in mars-01',
  })
})

test('europe has machines of one and of eight accelerators', async () => {
  const { collected } = await offersWith({})
  const counts = collected.offers
    .filter(({ region }) => region === 'europe-01')
    .map(({ instanceType }) => instanceType.gpuCount)
  expect(counts).toEqual([1, 8])
})

test('a pool without a most gives machines of one', async () => {
  const { collected } = await offersWith({ server_meta: [pool({ num_gpus: null })] })
  expect(collected.offers.map(({ instanceType }) => instanceType.name)).toEqual(['L4-1x'])
})

test('both spellings of a card are one model', async () => {
  const { byId } = await offersWith({})
  for (const id of ['india-chennai-01/RTX-PRO6000-1x', 'india-noida-01/RTX PRO 6000-1x']) {
    const gpu = byId.get(`jarvislabs/${id}/on-demand`)?.instanceType.gpu
    expect(gpu, id).toMatchObject({ name: 'RTXPRO6000', memoryMib: 96 * 1024 })
  }
})

test('of two pools alike the one with more free counts, in any order', async () => {
  const pools = [pool({ num_free_devices: 0 }), pool({ num_free_devices: 5 })]
  for (const rows of [pools, pools.toReversed()]) {
    const { collected } = await offersWith({ server_meta: rows })
    expect(collected.offers.map(({ stock }) => stock)).toEqual(['low'])
  }
})

test('CPU plans are offers in their regions, and in stock where they are said to be', async () => {
  const regions = { 'india-noida-01': true, 'europe-01': false, 'mars-01': true }
  const { collected, byId } = await offersWith({
    server_meta: [],
    cpu_meta: { combinations: [{ vcpus: 4, ram_gb: 16, price: 0.0992, available: true, regions }] },
  })
  const here = byId.get('jarvislabs/india-noida-01/cpu-4x16/on-demand')
  expect(here).toMatchObject({ priceNanoUsd: 99_200_000, stock: 'low' })
  expect(here?.instanceType).toMatchObject({ cpus: 4, memoryMib: 16_384, gpu: null, gpuCount: 0 })
  expect(byId.get('jarvislabs/europe-01/cpu-4x16/on-demand')?.stock).toBe('none')
  expect(collected.offers.length).toBe(2)
})

test('figures that are none cost their row alone', async () => {
  const { collected } = await offersWith({
    server_meta: [pool({ vram: 'bad' }), pool({ cpus_per_gpu: 'bad' }), pool({})],
    cpu_meta: { combinations: [{ vcpus: 'bad', ram_gb: 16, price: 0.1, regions: {} }] },
  })
  expect(collected.malformed).toBe(3)
  expect(collected.offers.length).toBe(1)
})

test('the prices of an account in rupees are no dollars: converted, or unknown', async () => {
  const { collected: unknown } = await offersWith({ currency: 'INR' })
  expect(unknown.offers.length).toBeGreaterThan(0)
  for (const { id, priceNanoUsd } of unknown.offers) expect(priceNanoUsd, id).toBeNull()
  const rate = (currency: string) =>
    currency === 'INR' ? { usd: '0.0125', day: '2026-11-23', source: 'the test' } : null
  const tables = { instanceType: () => null, rate }
  const { byId } = await offersWith({ currency: 'INR' }, { ...jarvislabsCase, tables })
  const l4 = byId.get('jarvislabs/india-noida-01/L4-2x/on-demand')
  expect(l4?.priceNanoUsd).toBe(11_000_000)
  expect(l4?.observation.source).toContain('0.0125 USD/INR, the test 2026-11-23')
})

test('a failure with status 200 is told as a refusal', async () => {
  for (const answer of [{ sucess: false }, { success: false, server_meta: [] }]) {
    const run = runImporter(jarvislabsCase, () => ({ body: JSON.stringify(answer) }))
    await expect(run).rejects.toMatchObject({ code: 'upstream-refused' })
  }
})

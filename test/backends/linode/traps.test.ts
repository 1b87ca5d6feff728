import { expect, test } from 'vitest'
import { stockAt } from '#backends/linode/places'
import { isRow, rowsUnder } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { linodeCase } from './linode-case.ts'

const good = async () => {
  const { collected } = await runImporter(linodeCase)
  return { collected, offers: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

test('the label names the accelerator, in the old spelling and the new', async () => {
  const { offers } = await good()
  const machine = (type: string) => offers.get(`linode/us-ord/${type}/on-demand`)?.instanceType
  expect(machine('g1-gpu-rtx6000-4')).toMatchObject({
    gpuCount: 4,
    gpu: { name: 'RTX6000', memoryMib: 24 * 1024 },
  })
  expect(machine('g2-gpu-rtx4000a2-hs')).toMatchObject({
    gpuCount: 2,
    gpu: { name: 'RTX4000Ada', memoryMib: 20 * 1024 },
  })
  expect(machine('g3-gpu-rtxpro6000-blackwell-1')?.gpu).toMatchObject({ name: 'RTXPRO6000' })
})

test('a region may have a price of its own, and one that is not known', async () => {
  const { collected, offers } = await good()
  const priceAt = (place: string) => offers.get(`linode/${place}/on-demand`)?.priceNanoUsd
  expect(priceAt('us-ord/g6-standard-4')).toBe(72_000_000)
  expect(priceAt('id-cgk/g6-standard-4')).toBe(86_000_000)
  expect(priceAt('br-gru/g6-standard-4')).toBe(101_000_000)
  expect(priceAt('br-gru/g6-standard-8')).toBe(undefined)
  expect(collected.rejects).toContainEqual({ reason: 'no price above zero', row: 'g6-standard-8' })
})

test('a type is offered where the region can have its class', async () => {
  const { offers } = await good()
  const regionsOf = (type: string) =>
    [...offers.values()].flatMap(({ instanceType, region }) =>
      instanceType.name === type ? [region] : [],
    )
  expect(regionsOf('g6-nanode-1')).toEqual(['us-ord', 'id-cgk', 'br-gru'])
  expect(regionsOf('g2-gpu-rtx4000a1-s')).toEqual(['us-ord', 'id-cgk'])
  expect(regionsOf('g7-premium-4')).toEqual(['us-ord', 'br-gru'])
})

test('stock is told by region and plan, the careful row counts, silence is no promise', async () => {
  const { offers } = await good()
  const stockAt = (place: string) => offers.get(`linode/${place}/on-demand`)?.stock
  expect(stockAt('us-ord/g2-gpu-rtx4000a1-s')).toBe('low')
  expect(stockAt('id-cgk/g2-gpu-rtx4000a1-s')).toBe('none')
  expect(stockAt('us-ord/g2-gpu-rtx4000a2-hs')).toBe('none')
  expect(stockAt('us-ord/g6-nanode-1')).toBe('unknown')
})

test('what has no known accelerator, class or place is no offer, and is counted', async () => {
  const { collected } = await good()
  const reasons = Object.fromEntries(collected.rejects.map(({ reason, row }) => [row, reason]))
  expect(reasons).toMatchObject({
    'g1-accelerated-netint-vpu-t1u1-s': 'no known model of accelerator',
    'g9-gpu-zx-1': 'no known model of accelerator',
    'g9-gpu-none': 'number of accelerators not told',
    'g6-dedicated-edge-2': 'for distributed regions alone',
    'g8-future-2': 'class not known',
    'g6-broken': 'no usable "vcpus"',
  })
})

test('every page of stock is read', async () => {
  const paged = (pages: number) =>
    runImporter(linodeCase, (asked, good) => {
      const answer = linodeCase.world(asked)
      const rows = rowsUnder(answer, 'data')
      if (asked.path !== '/v4/regions/availability' || rows === null || !isRow(answer)) {
        return good()
      }
      const page = Number(asked.query.get('page'))
      const data = page > pages ? [] : rows.slice((page - 1) * 3, page * 3)
      return { body: JSON.stringify({ ...answer, data }) }
    })
  const whole = await paged(3)
  expect(whole.collected.sealed).toEqual({ complete: true })
  expect(whole.collected.offers).toEqual((await good()).collected.offers)
  expect((await paged(2)).collected.sealed).toMatchObject({
    why: ['availability: 6 of 7 rows came'],
  })
})

test('a list of stock without a row is no list', async () => {
  const { collected } = await runImporter(linodeCase, (asked, good) =>
    asked.path === '/v4/regions/availability' ? { body: '{"data":[],"results":0}' } : good(),
  )
  expect(collected.sealed).toEqual({ complete: false, why: ['availability: is empty'] })
})

test('of two rows of one plan and region the careful one counts, in any order', () => {
  const row = { region: 'r', plan: 'p' }
  for (const order of [
    [true, false],
    [false, true],
  ]) {
    const rows = order.map((available) => ({ ...row, available }))
    expect(stockAt(rows)('r', 'p')).toBe('none')
  }
})

import { expect, test } from 'vitest'
import { isRow, rowsUnder } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { vultrCase } from './vultr-case.ts'

const offersById = async () => {
  const { collected } = await runImporter(vultrCase)
  return { collected, offers: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

test('a part of a card is a model of its own, by the memory of the plan', async () => {
  const { offers } = await offersById()
  const half = offers.get('vultr/ewr/vcg-a100-6c-60g-40vram/on-demand')?.instanceType
  expect(half?.gpu).toMatchObject({ name: 'A100-1/2', memoryMib: 40960 })
  const whole = offers.get('vultr/ewr/vcg-a100-12c-120g-80vram/on-demand')?.instanceType
  expect(whole).toMatchObject({ gpuCount: 1, gpu: { name: 'A100', memoryMib: 81920 } })
  const two = offers.get('vultr/ewr/vcg-l40s-32c-375g-96vram/on-demand')?.instanceType
  expect(two).toMatchObject({ gpuCount: 2, gpu: { name: 'L40S', memoryMib: 49152 } })
})

test('a region may have a price of its own', async () => {
  const { offers } = await offersById()
  expect(offers.get('vultr/ams/vc2-1c-2gb/on-demand')?.priceNanoUsd).toBe(18_000_000)
  expect(offers.get('vultr/ewr/vc2-1c-2gb/on-demand')?.priceNanoUsd).toBe(15_000_000)
})

test('a price that a region of its own prices leaves out is unknown, not that of elsewhere', async () => {
  const { collected } = await runImporter(vultrCase, (asked, good) => {
    const answer = vultrCase.world(asked)
    const plans = rowsUnder(answer, 'plans')
    if (!plans) return good()
    for (const plan of plans) plan['location_cost'] = { ams: { monthly_cost: 12 } }
    return { body: JSON.stringify(answer) }
  })
  const ids = collected.offers.map(({ id }) => id)
  expect(ids).toContain('vultr/ewr/vc2-1c-2gb/on-demand')
  expect(ids).not.toContain('vultr/ams/vc2-1c-2gb/on-demand')
  expect(collected.rejects).toContainEqual({ reason: 'no price above zero', row: 'vc2-1c-2gb' })
})

test('what cannot be deployed by the hour is no offer, and is counted', async () => {
  const { collected } = await offersById()
  const reasons = new Map(collected.rejects.map(({ reason, row }) => [row, reason]))
  expect(reasons.get('vbm-256c-3072gb-8-b200-gpu')).toBe('in no location')
  expect(reasons.get('vdc-monthly')).toBe('billed by the month')
  expect(reasons.get('vc2-1c-0.5gb-free')).toBe('no price above zero')
  expect(reasons.get('vcg-a40-odd')).toBe('no plain part of a known accelerator')
  expect(reasons.get('broken')).toBe('no usable "ram"')
})

test('all disks of a machine count', async () => {
  const { offers } = await offersById()
  const metal = offers.get('vultr/ord/vbm-256c-2048gb-8-mi300x-gpu/on-demand')
  expect(metal?.instanceType.diskMib).toBe(8 * 3576 * 1024)
})

/** The plans in two pages, the second under a cursor. */
const inTwoPages = (cursors: readonly string[], rows: unknown[], total = rows.length) => ({
  first: { plans: rows.slice(0, 4), meta: { total, links: { next: cursors[0] } } },
  second: { plans: rows.slice(4), meta: { total, links: { next: cursors[1] } } },
})

const paged = (cursors: readonly string[], total?: number) =>
  runImporter(vultrCase, (asked, good) => {
    const answer = vultrCase.world(asked)
    const rows = rowsUnder(answer, 'plans')
    if (!rows || !isRow(answer)) return good()
    const { first, second } = inTwoPages(cursors, rows, total)
    return { body: JSON.stringify(asked.query.has('cursor') ? second : first) }
  })

test('the second page is read', async () => {
  const { collected } = await offersById()
  const run = await paged(['bmV4dA==', ''])
  expect(run.collected.sealed).toEqual({ complete: true })
  expect(run.collected.offers.length).toBe(collected.offers.length)
})

test('cursors that go in a circle end, and are incomplete', async () => {
  const run = await paged(['same', 'same'])
  expect(run.collected.sealed.complete).toBe(false)
  expect(run.server.asked.length).toBeLessThan(5)
})

test('fewer rows than the source counts are incomplete', async () => {
  const run = await paged(['bmV4dA==', ''], 11)
  expect(run.collected.sealed).toMatchObject({ why: ['plans: 10 of 11 rows came'] })
})

test('a preemptible price is a spot offer beside the one on demand', async () => {
  const { offers } = await offersById()
  const id = 'vultr/ewr/vcg-l40s-32c-375g-96vram'
  expect(offers.get(`${id}/spot`)?.priceNanoUsd).toBe(1_900_000_000)
  expect(Number(offers.get(`${id}/on-demand`)?.priceNanoUsd)).toBeGreaterThan(1_900_000_000)
})

import { expect, test } from 'vitest'
import { isRow, rowsUnder } from '../../contract/importer-case.ts'
import { noTables, runImporter } from '../../contract/run-importer.ts'
import { hetznerCase } from './hetzner-case.ts'

const good = async () => {
  const { collected } = await runImporter(hetznerCase)
  return { collected, offers: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

const answeredWith = (path: string, change: (answer: Record<string, unknown>) => void) =>
  runImporter(hetznerCase, (asked, good) => {
    const answer: unknown = structuredClone(hetznerCase.world(asked))
    if (asked.path !== path || !isRow(answer)) return good()
    change(answer)
    return { body: JSON.stringify(answer) }
  })

test('the price without tax counts, to the nearest nano-dollar', async () => {
  const { offers } = await good()
  expect(offers.get('hetzner/fsn1/cx23/on-demand')?.priceNanoUsd).toBe(6_000_000)
  // 0.0096000001 EUR x 1.25 are 12,000,000.125 nano-dollars.
  expect(offers.get('hetzner/fsn1/cax21/on-demand')?.priceNanoUsd).toBe(12_000_000)
})

test('an account in dollars needs no rate', async () => {
  const { collected } = await answeredWith('/v1/pricing', (answer) => {
    answer['pricing'] = { currency: 'USD' }
  })
  const cheapest = collected.offers.find(({ id }) => id === 'hetzner/fsn1/cx23/on-demand')
  expect(cheapest?.priceNanoUsd).toBe(4_800_000)
  expect(cheapest?.observation.source).toBe('the test')
})

test('a currency without a rate leaves offers without a price', async () => {
  const { collected } = await answeredWith('/v1/pricing', (answer) => {
    answer['pricing'] = { currency: 'CHF' }
  })
  const { collected: priced } = await good()
  expect(collected.offers.map(({ id }) => id)).toEqual(priced.offers.map(({ id }) => id))
  expect(collected.offers.every(({ priceNanoUsd }) => priceNanoUsd === null)).toBe(true)
  const { collected: without } = await runImporter({
    ...hetznerCase,
    tables: { ...noTables, rate: () => null },
  })
  expect(without.offers.every(({ priceNanoUsd }) => priceNanoUsd === null)).toBe(true)
})

test('a price for a location where the type is not sold is no offer', async () => {
  const { collected } = await good()
  expect(collected.rejects).toContainEqual({
    reason: 'not sold in that location',
    row: 'cx23 ash',
  })
  expect(collected.rejects, 'over there since October').toContainEqual({
    reason: 'not sold in that location',
    row: 'ccx63 sin',
  })
})

test('a deprecated type can be ordered until its last day, and no longer', async () => {
  const { collected, offers } = await good()
  expect(offers.has('hetzner/ash/cpx11/on-demand')).toBe(true)
  expect(collected.rejects).toContainEqual({ reason: 'not for new servers', row: 'cx11' })
})

test('stock is what the location says, and unknown where nothing does', async () => {
  const { offers } = await good()
  expect(offers.get('hetzner/fsn1/cx23/on-demand')?.stock).toBe('low')
  expect(offers.get('hetzner/nbg1/cx23/on-demand')?.stock).toBe('none')
  expect(offers.get('hetzner/hel1/old22/on-demand')?.stock).toBe('unknown')
})

test('Arm is told, and an architecture not known is no offer', async () => {
  const { collected, offers } = await good()
  expect(offers.get('hetzner/fsn1/cax21/on-demand')?.instanceType.architecture).toBe('arm64')
  expect(collected.rejects).toContainEqual({ reason: 'no known architecture', row: 'strange' })
})

test('the second page is read, and a list that is short is incomplete', async () => {
  const paged = (last: number) =>
    runImporter(hetznerCase, (asked, good) => {
      const answer = hetznerCase.world(asked)
      const rows = rowsUnder(answer, 'server_types')
      if (rows === null || !isRow(answer)) return good()
      const pages = [rows.slice(0, 4), rows.slice(4, last)]
      const types = pages[Number(asked.query.get('page')) - 1] ?? []
      return { body: JSON.stringify({ ...answer, server_types: types }) }
    })
  const whole = await paged(11)
  expect(whole.collected.sealed).toEqual({ complete: true })
  expect(whole.collected.offers.length).toBe((await good()).collected.offers.length)
  expect((await paged(9)).collected.sealed).toMatchObject({
    why: ['server types: 9 of 11 rows came'],
  })
})

test('a server that gives one page for every number is not taken for a list', async () => {
  const run = await answeredWith('/v1/server_types', (answer) => {
    answer['meta'] = { pagination: { total_entries: 2200 } }
  })
  expect(run.collected.sealed).toMatchObject({
    why: [
      'server types: a page came twice',
      'server types: the last page is missing',
      'server types: 22 of 2200 rows came',
    ],
  })
  expect(run.server.asked.length).toBe(3)
})

test('the token is the one of the hcloud tools', async () => {
  const importer = await hetznerCase.backend.importer()
  expect(importer.readiness({})).toEqual({ status: 'missing', names: ['HCLOUD_TOKEN'] })
  expect(importer.readiness({ HCLOUD_TOKEN: ' ' }).status).toBe('missing')
})

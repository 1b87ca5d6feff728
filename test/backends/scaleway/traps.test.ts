import { expect, test } from 'vitest'
import { scaleway } from '#backends/scaleway/backend'
import { isRow, rowsUnder } from '../../contract/importer-case.ts'
import { noTables, runImporter } from '../../contract/run-importer.ts'
import { scalewayCase } from './scaleway-case.ts'

const good = async () => {
  const { collected } = await runImporter(scalewayCase)
  return { collected, offers: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

test('a price by the minute is one sixtieth of a price by the hour', async () => {
  const { offers } = await good()
  expect(offers.get('scaleway/fr-par-2/B300-SXM-8-288G/on-demand')?.priceNanoUsd).toBe(
    75_000_000_000,
  )
  expect(offers.get('scaleway/pl-waw-2/L4-2-24G/on-demand')?.priceNanoUsd).toBe(1_875_000_000)
})

test('what is no instance to deploy is no offer, and is counted', async () => {
  const { collected } = await good()
  const reasons = new Map(collected.rejects.map(({ reason, row }) => [row, reason]))
  expect(Object.fromEntries(reasons)).toMatchObject({
    '/compute/vc1_l/run_fr-par-2': 'not for new deployments',
    '/compute/x64_120gb/run_nl-ams-1': 'not for new deployments',
    '/compute/future_2c_8g/run_fr-par-1': 'not for new deployments',
    '/compute/pop2_2c_8g_win/run_fr-par-1': 'Windows',
    '/compute/em_rv1_c4m16s128_a/run_fr-par-2': 'no known architecture',
    '/compute/zed_1_16g/run_fr-par-1': 'no known model of accelerator',
    '/compute/pop2_4c_16g/run_fr-par-1': 'billed by another unit than time',
    '/compute/dollar_2c_8g/run_fr-par-1': 'not in euros',
    'NOPRICE-2C-8G': 'no price above zero',
    broken: 'no usable "locality"',
  })
})

test('memory of an accelerator is that of one, by the name of the type', async () => {
  const { offers } = await good()
  const machine = (id: string) => offers.get(id)?.instanceType
  expect(machine('scaleway/fr-par-2/H100-SXM-8-80G/on-demand')).toMatchObject({
    gpuCount: 8,
    gpu: { name: 'H100', memoryMib: 80 * 1024 },
  })
  expect(machine('scaleway/fr-par-1/RENDER-S/on-demand')?.gpu).toMatchObject({
    name: 'P100',
    memoryMib: 16 * 1024,
  })
})

test('stock is that of the zone, and unknown where it is not told', async () => {
  const { offers } = await good()
  const stockOf = (id: string) => offers.get(`scaleway/${id}/on-demand`)?.stock
  expect(stockOf('fr-par-1/POP2-2C-8G')).toBe('high')
  expect(stockOf('fr-par-2/H100-1-80G')).toBe('low')
  expect(stockOf('fr-par-2/B300-SXM-8-288G')).toBe('none')
  expect(stockOf('fr-par-1/POP2-HM-2C-16G')).toBe('unknown')
  expect(stockOf('fr-par-1/COMPUTE3-X2C-4G'), 'a word not known').toBe('unknown')
})

test('the source of an offer names the rate and its day', async () => {
  const { collected } = await good()
  expect(new Set(collected.offers.map(({ observation }) => observation.source))).toEqual(
    new Set(['the test at 1.25 USD/EUR, the test 2026-11-24']),
  )
})

test('without a rate an offer stays, at no price', async () => {
  const { collected } = await runImporter({
    ...scalewayCase,
    tables: { ...noTables, rate: () => null },
  })
  const { collected: priced } = await good()
  expect(collected.offers.length).toBe(priced.offers.length)
  expect(new Set(collected.offers.map(({ priceNanoUsd }) => priceNanoUsd))).toEqual(new Set([null]))
  expect(new Set(collected.offers.map(({ observation }) => observation.source))).toEqual(
    new Set(['the test']),
  )
  expect(collected.rejects).toEqual(priced.rejects)
})

test('only zones of types that are sold are asked for stock', async () => {
  const { server } = await runImporter(scalewayCase)
  const zones = server.asked.flatMap(({ path }) => /zones\/([^/]+)/.exec(path)?.[1] ?? [])
  expect(zones).toEqual(['fr-par-1', 'fr-par-2', 'nl-ams-1', 'pl-waw-2'])
})

/** The products in two pages. */
const inTwoPages = (second: (rows: unknown[]) => unknown[]) =>
  runImporter(scalewayCase, (asked, good) => {
    const answer = scalewayCase.world(asked)
    const rows = rowsUnder(answer, 'products')
    if (rows === null || !isRow(answer)) return good()
    const pages = [rows.slice(0, 12), second(rows.slice(12))]
    const products = pages[Number(asked.query.get('page')) - 1] ?? []
    return { body: JSON.stringify({ ...answer, products }) }
  })

test('the second page is read', async () => {
  const { collected } = await good()
  const run = await inTwoPages((rows) => rows)
  expect(run.collected.sealed).toEqual({ complete: true })
  expect(run.collected.offers.length).toBe(collected.offers.length)
})

test('fewer products than the source counts are incomplete', async () => {
  const run = await inTwoPages((rows) => rows.slice(3))
  expect(run.collected.sealed).toMatchObject({ why: ['products: 18 of 21 rows came'] })
})

test('stock in a full page without a count of all is an error, not a cut', async () => {
  const servers = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`TYPE-${index}`, { availability: 'available' }]),
  )
  const run = runImporter(scalewayCase, (asked, good) =>
    asked.path.includes('/zones/') ? { body: JSON.stringify({ servers }) } : good(),
  )
  await expect(run).rejects.toThrow('a full page without a count of all')
})

test('it needs no credentials, and says that it needs the euro', async () => {
  const { traits } = await scaleway.importer()
  expect(traits).toMatchObject({ credentials: 'none', currencies: ['EUR'] })
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { azureImporter, type AzurePage } from '#backends/azure/importer'
import { pricesAnswer } from '#backends/azure/schema'
import { readWire } from '#backends/kit/wire'
import { sizeKey } from '../../../scripts/embed/azure-spelling.ts'
import { readMeters, type Meter } from '../../../scripts/embed/azure-meters.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { azureCase, azureSizes } from './azure-case.ts'

test('Windows, reservations, Low Priority, hosts and free rows are no offers, and are counted', async () => {
  const { collected } = await runImporter(azureCase)
  const counts = new Map<string, number>()
  for (const { reason } of collected.rejects) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  for (const reason of [
    'no pay-as-you-go price',
    'Windows price',
    'Cloud Services, Windows price',
    'dedicated host',
    'Low Priority',
    'no price above zero',
    'no size of a standard machine',
    'size without specifications',
  ]) {
    expect(counts.get(reason) ?? 0, reason).toBeGreaterThan(0)
  }
})

test('a size with fewer cores than its parent has those it has', async () => {
  const { collected } = await runImporter(azureCase)
  const cpus = new Map(
    collected.offers.map(({ instanceType: type }) => [type.name, type.cpus] as const),
  )
  expect(cpus.get('Standard_M8-2ms')).toBe(2)
  expect(cpus.get('Standard_E32-8as_v5')).toBe(8)
})

test('a row counts for the region it names, in any spelling', async () => {
  const { collected } = await runImporter(azureCase)
  const machine = collected.offers.find(
    ({ instanceType }) => instanceType.name === 'Standard_M8-2ms',
  )
  expect(machine?.region).toBe('eastus')
})

test('the next page is asked of the endpoint, whatever host its link names', async () => {
  const { server } = await runImporter(azureCase)
  const skipped = server.asked.filter(({ query }) => query.has('$skip'))
  expect(skipped.map(({ query }) => query.get('$skip'))).toEqual(['100'])
})

test('of two prices of one offer the dearer stays, in whatever order they come', async () => {
  const run = (reverse: boolean) =>
    runImporter(azureCase, (asked, good) => {
      const answer = structuredClone(azureCase.world(asked))
      const rows = azureCase.rowsOf(answer)
      const first = rows?.find(({ armSkuName }) => armSkuName === 'Standard_NV36ads_A10_v5')
      if (!rows || !first) return good()
      rows.push({ ...first, retailPrice: 3.5 })
      if (reverse) rows.reverse()
      return { body: JSON.stringify(answer) }
    })
  for (const reverse of [true, false]) {
    const { collected } = await run(reverse)
    const id = 'azure/eastus/Standard_NV36ads_A10_v5/on-demand'
    const found = collected.offers.find((offer) => offer.id === id)
    expect(found?.priceNanoUsd).toBe(3_500_000_000)
    expect(collected.rejects).toContainEqual({ reason: 'there twice', row: id })
  }
})

const folder = process.env['EMBED_SOURCES'] ?? ''
const metersFolder = join(folder, 'azure/retail-meters')

const sizesByKey = new Map([...azureSizes.keys()].map((name) => [sizeKey(name), name]))

/** Recorded meters lack the name of the size; it is filled in from the meter's own spelling. */
const itemOf = (meter: Meter) => ({
  ...meter,
  armSkuName: sizesByKey.get(sizeKey(meter.skuName.replace(/ (Spot|Low Priority)$/, ''))) ?? '',
  meterName: meter.skuName,
  currencyCode: 'USD',
  type: 'Consumption',
})

const pageOf = (file: string): AzurePage => {
  const meters = readMeters(readFileSync(file, 'utf8'), file)
  const wire = { Items: meters.map(itemOf), NextPageLink: null, Count: meters.length }
  const { Items } = readWire(pricesAnswer, wire, 'recorded meters')
  return {
    items: Items.rows,
    region: '',
    sizes: null,
    malformed: Items.malformed,
    observation: { source: 'recorded', observedAt: '2026-08-20T00:00:00Z' },
    account: {
      list: file,
      index: 0,
      key: '0',
      rows: Items.count,
      total: null,
      cutAt: null,
      more: false,
      announces: [],
    },
  }
}

const pricesOfSecondSource = (): ReadonlyMap<string, number> =>
  new Map(
    readFileSync(join(folder, 'azure/on-demand.csv'), 'utf8')
      .split('\n')
      .map((line) => line.split(','))
      .filter(([, , , check]) => check === 'confirmed')
      .map(([region = '', size = '', usd = '']) => [
        `azure/${region}/${size.replaceAll(' ', '_')}/on-demand`,
        Number(usd),
      ]),
  )

/**
 * The second source took the Windows price of some sizes for the Linux one: it is dearer by 0.046 USD
 * for each vCPU of the whole size, burstable sizes by a tenth of it.
 */
const isWindowsPrice = (size: string, surchargeUsd: number): boolean => {
  const [, family = '', vcpus = '', rest = ''] = /^Standard_([BE])(\d+)(.*)$/.exec(size) ?? []
  const perCpu = surchargeUsd / Number(vcpus)
  if (family === 'E') return /a(d)?s_v5$/.test(rest) && Math.abs(perCpu - 0.046) < 0.0001
  return rest.endsWith('_v2') && Math.abs(perCpu - 0.0046) < 0.0002
}

test('recorded meters of 2026-08-20 give the prices that a source of 2026-06-18 states, but for its Windows ones', ({
  skip,
}) => {
  if (!existsSync(metersFolder)) {
    return skip('EMBED_SOURCES names no folder with azure/retail-meters')
  }
  const offers = readdirSync(metersFolder).flatMap((file) => {
    const tables = {
      instanceType: (name: string) => azureSizes.get(name) ?? null,
      rate: () => null,
    }
    return azureImporter.toOffers(pageOf(join(metersFolder, file)), tables).offers
  })
  const expected = pricesOfSecondSource()
  const compared = offers.filter(({ id }) => expected.has(id))
  const differing = compared.filter(
    ({ id, priceNanoUsd }) => Math.abs(Number(priceNanoUsd) / 1e9 - (expected.get(id) ?? 0)) > 1e-6,
  )
  expect(compared.length).toBeGreaterThan(3000)
  expect(differing.length / compared.length).toBeLessThan(0.03)
  const unexplained = differing.filter(
    ({ id, priceNanoUsd, instanceType }) =>
      !isWindowsPrice(instanceType.name, (expected.get(id) ?? 0) - Number(priceNanoUsd) / 1e9),
  )
  expect(unexplained.map(({ id, priceNanoUsd }) => [id, priceNanoUsd, expected.get(id)])).toEqual(
    [],
  )
})

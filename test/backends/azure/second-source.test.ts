/**
 * The importer's choice of meter against prices of another source. Recorded meters of four regions
 * (2026-08-20) against a list of 2026-06-18, where what differs is held against the Windows meter of
 * the same size and region, and against a list of 2026-05-20.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { azureImporter, type AzurePage } from '#backends/azure/importer'
import { pricesAnswer } from '#backends/azure/schema'
import { keepDearer } from '#backends/kit/gather'
import { readWire } from '#backends/kit/wire'
import type { Offer } from '#domain/offer'
import { meterKey, sizeKey } from '../../../scripts/embed/azure-spelling.ts'
import { readMeters, type Meter } from '../../../scripts/embed/azure-meters.ts'

const folder = process.env['EMBED_SOURCES'] ?? ''
const metersFolder = join(folder, 'azure/retail-meters')

const rowsOf = (file: string): readonly (readonly string[])[] =>
  readFileSync(join(folder, file), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))

interface Stated {
  readonly region: string
  readonly size: string
  readonly usd: number
}

/** The second source's rows that a third one, or a meter of whatever product, has confirmed. */
const confirmedRows = (): readonly Stated[] =>
  rowsOf('azure/on-demand.csv')
    .filter(([, , , check]) => check === 'confirmed')
    .map(([region = '', size = '', usd]) => ({
      region,
      size: size.replaceAll(' ', '_'),
      usd: Number(usd),
    }))

const idOf = ({ region, size }: Stated): string => `azure/${region}/${size}/on-demand`

/** Recorded meters lack the name of the size; it is filled in from the meter's own spelling. */
const sizeOfMeter = (meter: Meter, sizes: ReadonlyMap<string, string>): string => {
  const isBasic = meter.productName.endsWith(' Basic')
  const bare = meter.skuName.replace(/ (Spot|Low Priority)$/, '')
  return isBasic ? `Basic_${bare}` : (sizes.get(meterKey(bare, meter.productName)) ?? '')
}

const pageOf = (meters: readonly Meter[], sizes: ReadonlyMap<string, string>): AzurePage => {
  const items = meters.map((meter) => ({
    ...meter,
    armSkuName: sizeOfMeter(meter, sizes),
    meterName: meter.skuName,
    currencyCode: 'USD',
    type: 'Consumption',
  }))
  const wire = { Items: items, NextPageLink: null, Count: items.length }
  const { Items } = readWire(pricesAnswer, wire, 'recorded meters')
  return {
    items: Items.rows,
    region: '',
    sizes: null,
    malformed: Items.malformed,
    observation: { source: 'recorded', observedAt: '2026-08-20T00:00:00Z' },
    account: {
      list: 'recorded',
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

/** Any machine of that name: what is compared is the price, of sizes without specifications too. */
const anyMachine = (name: string): Offer['instanceType'] => ({
  name,
  cpus: 1,
  memoryMib: 1024,
  gpu: null,
  gpuCount: 0,
  diskMib: null,
  architecture: null,
})

const importedPrices = (
  meters: readonly Meter[],
  sizes: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> => {
  const offers = new Map<string, Offer>()
  const tables = { instanceType: anyMachine, rate: () => null }
  for (const offer of azureImporter.toOffers(pageOf(meters, sizes), tables).offers) {
    keepDearer(offers, offer)
  }
  return new Map([...offers].map(([id, { priceNanoUsd }]) => [id, Number(priceNanoUsd) / 1e9]))
}

const noMeters = 'EMBED_SOURCES names no folder with azure/retail-meters'

const recordedMeters = (): readonly Meter[] =>
  readdirSync(metersFolder).flatMap((file) =>
    readMeters(readFileSync(join(metersFolder, file), 'utf8'), file),
  )

/** A third source, which knows Linux prices alone. */
const skypilotRows = (): readonly Stated[] =>
  rowsOf('skypilot/azure.csv').map((row) => ({
    region: row[8] ?? '',
    size: row[0] ?? '',
    usd: Number(row[6]),
  }))

const isEqual = (one: number, other: number): boolean => Math.abs(one - other) < 1e-6

/** Prices of the meters whose product says Windows, by region and size. */
const windowsMeters = (
  meters: readonly Meter[],
  sizes: ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly number[]> => {
  const windows = meters.filter(
    ({ productName, skuName }) =>
      productName.endsWith(' Windows') && !/ (Spot|Low Priority)$/.test(skuName),
  )
  const prices = new Map<string, number[]>()
  for (const meter of windows) {
    const size = sizeOfMeter(meter, sizes)
    const id = idOf({ region: meter.armRegionName, size, usd: 0 })
    prices.set(id, [...(prices.get(id) ?? []), meter.retailPrice])
  }
  return prices
}

test('each price of a second source is a recorded meter of its size and region: 98.1 % the Linux one, which is taken, the rest the Windows one', ({
  skip,
}) => {
  if (!existsSync(metersFolder)) return skip(noMeters)
  const meters = recordedMeters()
  const stated = confirmedRows()
  const sizes = new Map(stated.map(({ size }) => [sizeKey(size), size]))
  const imported = importedPrices(meters, sizes)
  const windows = windowsMeters(meters, sizes)
  const compared = stated.flatMap((row) => {
    const usd = imported.get(idOf(row))
    return usd === undefined ? [] : [{ ...row, ours: usd, id: idOf(row) }]
  })
  const differing = compared.filter(({ usd, ours }) => !isEqual(usd, ours))
  const proven = differing.filter(({ id, usd }) =>
    (windows.get(id) ?? []).some((price) => isEqual(price, usd)),
  )
  // One size of one region has no recorded meter; all else of these regions is compared.
  const recorded = new Set(meters.map(({ armRegionName }) => armRegionName))
  const uncompared = stated.filter((row) => recorded.has(row.region) && !imported.has(idOf(row)))
  expect(uncompared.map(idOf)).toEqual(['azure/westeurope/Standard_ND96asr_A100_v4/on-demand'])
  const equal = compared.length - differing.length
  expect(compared.length).toBeGreaterThan(4000)
  expect(Number((equal / compared.length).toFixed(3))).toBe(0.981)
  expect(equal / (compared.length - proven.length)).toBeGreaterThanOrEqual(0.99)
  expect(differing.filter((row) => !proven.includes(row))).toEqual([])
  expect({ compared: compared.length, equal, windows: proven.length }).toEqual({
    compared: 4029,
    equal: 3951,
    windows: 78,
  })
})

test('recorded Linux meters: all 4,457 that a third source states too are equal', ({ skip }) => {
  if (!existsSync(metersFolder)) return skip(noMeters)
  const stated = skypilotRows()
  const sizes = new Map(stated.map(({ size }) => [sizeKey(size), size]))
  const imported = importedPrices(recordedMeters(), sizes)
  const compared = stated.filter((row) => imported.has(idOf(row)))
  const differing = compared.filter((row) => !isEqual(imported.get(idOf(row)) ?? 0, row.usd))
  expect(compared).toHaveLength(4457)
  expect(differing).toEqual([])
})

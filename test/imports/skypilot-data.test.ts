/** Real catalogs of SkyPilot, where a folder of them is at hand. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { embeddedCatalogPath } from '#catalog/location'
import type { Offer } from '#domain/offer'
import { readCsv } from '#platform/csv'
import { streamFile } from '#platform/folders'
import { knownOffers } from '#imports/known-offers'
import type { Reading } from '#imports/reading'
import { readSkypilot } from '#imports/skypilot'
import { observation } from './rows.ts'

const folder = process.env['DSTACK_OFFERS_SKYPILOT_DATA'] ?? ''
const missing = [
  ...(existsSync(join(folder, 'gcp.csv'))
    ? []
    : ['DSTACK_OFFERS_SKYPILOT_DATA names no folder of them']),
  ...(existsSync(embeddedCatalogPath()) ? [] : ['the embedded catalog is not built']),
]
if (missing.length > 0)
  console.log(`Real catalogs of SkyPilot are not read: ${missing.join(', ')}.`)

const read = async (file: string, backend: string): Promise<Reading> => {
  const { rows } = await readCsv(streamFile(join(folder, file)), file)
  return readSkypilot(rows, { backend, observation, known: knownOffers(backend) })
}

const onDemandUsd = (offers: readonly Offer[], type: string): readonly number[] =>
  offers
    .filter(({ instanceType, spot }) => instanceType.name === type && !spot)
    .map(({ priceNanoUsd }) => Number(priceNanoUsd) / 1e9)

describe.skipIf(missing.length > 0)('real catalogs', () => {
  let gcp: Reading
  beforeAll(async () => {
    gcp = await read('gcp.csv', 'gcp')
  })

  test('Google: machines with accelerators cost what they cost elsewhere', () => {
    expect(Math.min(...onDemandUsd(gcp.offers, 'a3-highgpu-8g'))).toBeGreaterThan(65)
    expect(Math.min(...onDemandUsd(gcp.offers, 'a2-highgpu-1g'))).toBeGreaterThan(2.7)
    expect(
      gcp.rejects['on-demand price of another tariff, far below the known ones'],
    ).toBeGreaterThan(0)
  })

  // Google's discounts of spot end at 91 %.
  test('Google: no spot price of a machine with accelerators leaves them out', () => {
    const prices = new Map(gcp.offers.map(({ id, priceNanoUsd }) => [id, Number(priceNanoUsd)]))
    const shares = gcp.offers.flatMap(({ id, spot, instanceType: { gpu }, priceNanoUsd }) => {
      const onDemand = prices.get(id.replace(/spot$/, 'on-demand'))
      return spot && gpu && onDemand ? [Number(priceNanoUsd) / onDemand] : []
    })
    expect(shares.length).toBeGreaterThan(100)
    expect(Math.min(...shares)).toBeGreaterThan(0.09)
  })

  test('every cloud at hand gives offers, and few rows are spoilt', async () => {
    const clouds = { 'do.csv': 'digitalocean', 'lambda.csv': 'lambdalabs', 'vast.csv': 'vastai' }
    const own = ['hyperstack', 'jarvislabs', 'nebius', 'paperspace', 'seeweb', 'verda']
    const files = [...Object.entries(clouds), ...own.map((name) => [`${name}.csv`, name] as const)]
    for (const [file, backend] of files) {
      const { offers, rows, malformed } = await read(file, backend)
      expect([file, offers.length > 0, malformed <= rows / 10]).toEqual([file, true, true])
    }
  })
})

/** The search against its definition: filter every offer by the predicate, sort by the order. */
import { expect, test } from 'vitest'
import { type Offer, offerId } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { type SearchableFile, searchableFile } from '#offers/search-file'
import type { Sqlite } from '#platform/sqlite'
import { randomRequirements, someOffers } from '../generators.ts'
import { bySortKey } from '../offer-order.ts'
import { type Random, seeded } from '../random.ts'

const definition = (offers: readonly Offer[], requirements: Requirements): readonly Offer[] =>
  offers.filter((offer) => matches(lower(requirements), offer)).toSorted(bySortKey)

const catalogOf = (offers: readonly Offer[]): Sqlite => {
  const database = openWritableCatalogFile(':memory:')
  for (const backend of new Set(offers.map((offer) => offer.backend))) {
    const own = offers.filter((offer) => offer.backend === backend)
    replaceBackend(database, { backend, offers: own, notes: [] })
  }
  return database
}

/** How much the cases tell: a property over cases that all match, or none, says little. */
interface Tally {
  informative: number
  cut: number
}

const check = (
  { first, count }: SearchableFile,
  offers: readonly Offer[],
  requirements: Requirements,
  limit: number,
  tally: Tally,
): void => {
  const expected = definition(offers, requirements)
  const told = JSON.stringify({ requirements, limit })
  expect(count(lower(requirements)), told).toBe(expected.length)
  expect(
    first(lower(requirements), limit).map(({ offer }) => offer),
    told,
  ).toEqual(expected.slice(0, limit || undefined))
  if (expected.length > 0 && expected.length < offers.length) tally.informative++
  if (limit > 0 && limit < expected.length) tally.cut++
}

test('search equals filter and sort, for any catalog, requirements and limit', () => {
  const random = seeded(20_260_720)
  const tally: Tally = { informative: 0, cut: 0 }
  for (let catalog = 0; catalog < 60; catalog++) {
    const offers = someOffers(random, random.int(1, 120))
    const database = catalogOf(offers)
    const searchable = searchableFile(database)
    for (let request = 0; request < 50; request++) {
      const requirements = randomRequirements(random, offers)
      check(searchable, offers, requirements, random.pick([0, 1, 2, 5, 20, 1000]), tally)
    }
    database.close()
  }
  expect(tally.informative).toBeGreaterThan(800)
  expect(tally.cut).toBeGreaterThan(200)
})

/** More than a mask has bits, so that some share one. */
const manyRegions = Array.from({ length: 60 }, (_, index) => `region-${(index * 7) % 60}`)

/** Few machines in many places: cells too large to be read together. */
const crowdedOffers = (random: Random): readonly Offer[] => {
  const offers = someOffers(random, 200).flatMap((offer) =>
    manyRegions
      .filter(() => random.chance(0.7))
      .map((region) => ({
        ...offer,
        region,
        id: offerId(offer.backend, region, offer.instanceType.name, offer.spot),
        priceNanoUsd: offer.priceNanoUsd && offer.priceNanoUsd + random.int(0, 4) * 20_000_000,
        instanceType: { ...offer.instanceType, cpus: 4, memoryMib: 8192 },
      })),
  )
  return [...new Map(offers.map((offer) => [offer.id, offer])).values()]
}

test('the same of crowded catalogs, in few regions and in many', () => {
  const random = seeded(20_260_721)
  const tally: Tally = { informative: 0, cut: 0 }
  for (let catalog = 0; catalog < 4; catalog++) {
    const offers = crowdedOffers(random)
    const database = catalogOf(offers)
    const searchable = searchableFile(database)
    for (let request = 0; request < 60; request++) {
      const some = Array.from({ length: random.pick([1, 2, 7, 30]) }, () =>
        random.pick(manyRegions),
      )
      const requirements = {
        ...randomRequirements(random, offers),
        cpu: { min: null, max: null },
        memoryMib: { min: random.pick([null, 8192]), max: null },
        maxPriceNanoUsd: random.chance(0.4) ? random.int(5, 70) * 20_000_000 : null,
        gpu: random.chance(0.3) ? randomRequirements(random, offers).gpu : null,
        regions: random.chance(0.6) ? some : null,
        instanceTypes: null,
      }
      check(searchable, offers, requirements, random.pick([0, 1, 7, 50, 200]), tally)
    }
    database.close()
  }
  expect(tally.informative).toBeGreaterThan(120)
  expect(tally.cut).toBeGreaterThan(80)
})

/** The search against its definition: filter every offer by the predicate, sort by the order. */
import { expect, test } from 'vitest'
import { backendNames } from '#domain/backend'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { searchableFile } from '#offers/search-file'
import { randomRequirements, someOffers } from '../generators.ts'
import { seeded } from '../random.ts'

const rank = (backend: string): number => {
  const listed = (backendNames as readonly string[]).indexOf(backend)
  return listed < 0 ? backendNames.length : listed
}

/** Written out apart from the product's own order. */
const sortKey = (offer: Offer): readonly (number | string)[] => [
  offer.stock === 'none' ? 1 : 0,
  offer.priceNanoUsd ?? Infinity,
  rank(offer.backend),
  offer.instanceType.name,
  offer.spot ? 1 : 0,
  offer.region ?? '',
]

const bySortKey = (left: Offer, right: Offer): number => {
  const other = sortKey(right)
  for (const [index, key] of sortKey(left).entries()) {
    const against = other[index] ?? ''
    if (key < against) return -1
    if (key > against) return 1
  }
  return 0
}

const definition = (offers: readonly Offer[], requirements: Requirements): readonly Offer[] =>
  offers.filter((offer) => matches(lower(requirements), offer)).toSorted(bySortKey)

test('search equals filter and sort, for any catalog, requirements and limit', () => {
  const random = seeded(20_260_720)
  let informative = 0
  let cut = 0
  for (let catalog = 0; catalog < 60; catalog++) {
    const offers = someOffers(random, random.int(1, 120))
    const database = openWritableCatalogFile(':memory:')
    for (const backend of new Set(offers.map((offer) => offer.backend))) {
      const own = offers.filter((offer) => offer.backend === backend)
      replaceBackend(database, { backend, offers: own, notes: [] })
    }
    const { first, count } = searchableFile(database)
    for (let request = 0; request < 50; request++) {
      const requirements = randomRequirements(random, offers)
      const limit = random.pick([0, 1, 2, 5, 20, 1000])
      const expected = definition(offers, requirements)
      const told = JSON.stringify(requirements)
      expect(count(lower(requirements)), told).toBe(expected.length)
      expect(
        first(lower(requirements), limit).map(({ offer }) => offer),
        told,
      ).toEqual(expected.slice(0, limit || undefined))
      if (expected.length > 0 && expected.length < offers.length) informative++
      if (limit > 0 && limit < expected.length) cut++
    }
    database.close()
  }
  // A property over cases that all match, or none, says little.
  expect(informative).toBeGreaterThan(800)
  expect(cut).toBeGreaterThan(200)
})

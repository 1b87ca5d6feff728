/** The offer that will do for all, against a look at every offer. */
import { expect, test } from 'vitest'
import { firstCommonOffer } from '#groups/common-offer'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { randomRequirements, someOffers } from '../generators.ts'
import { someRequirements } from '../builders.ts'
import { seeded } from '../random.ts'
import { catalogOf } from './catalog-of.ts'

test('is the first of all offers that meet every requirement', () => {
  const random = seeded(20_261_002)
  let found = 0
  let none = 0
  for (let round = 0; round < 60; round++) {
    const offers = someOffers(random, random.int(20, 200))
    const catalog = catalogOf(offers)
    const ranked = catalog.first(someRequirements(), 0)
    for (let pair = 0; pair < 40; pair++) {
      const all = Array.from({ length: random.pick([2, 2, 3]) }, () =>
        randomRequirements(random, offers),
      )
      const expected = ranked.find((offer) =>
        all.every((requirements) => matches(lower(requirements), offer)),
      )
      expect(firstCommonOffer(catalog, all), JSON.stringify(all)).toEqual(expected ?? null)
      const separately = all.every((requirements) => catalog.count(requirements) > 0)
      if (expected) found++
      else if (separately) none++
    }
    catalog.close()
  }
  expect(found).toBeGreaterThan(150)
  expect(none).toBeGreaterThan(150)
})

test('is looked for beyond the first offers', () => {
  const offers = someOffers(seeded(9), 6000)
  const catalog = catalogOf(offers)
  const gpu = {
    names: null,
    vendors: null,
    count: { min: 1, max: null },
    memoryMib: null,
    totalMemoryMib: null,
    computeCapability: null,
  }
  const wide = someRequirements({ gpu, maxPriceNanoUsd: 500_000_000 })
  const rare = someRequirements({ gpu: { ...gpu, totalMemoryMib: { min: 1_500_000, max: null } } })
  const ranked = catalog.first(wide, 0)
  const position = ranked.findIndex((offer) => matches(lower(rare), offer))
  expect(position).toBeGreaterThan(20)
  expect(firstCommonOffer(catalog, [wide, rare])).toEqual(ranked[position])
  expect(firstCommonOffer(catalog, [])).toBeNull()
  catalog.close()
})

/** Grouping against its definition, over all offers that match. */
import { expect, test } from 'vitest'
import type { Group } from '#groups/group'
import { groupOffers, totalsOf } from '#groups/group-offers'
import type { Grouping } from '#groups/grouping'
import { compareGroups } from '#groups/order'
import { randomRequirements, someOffers } from '../generators.ts'
import { seeded } from '../random.ts'
import { catalogOf } from './catalog-of.ts'
import { definedGroups } from './definition.ts'

const groupings: readonly Grouping[] = [
  { backend: false, region: false, count: false },
  { backend: false, region: false, count: true },
  { backend: true, region: false, count: false },
  { backend: true, region: false, count: true },
  { backend: true, region: true, count: false },
  { backend: true, region: true, count: true },
]

const plain = (group: Group) => ({
  ...group,
  backends: group.backends.map(({ name }) => name),
  first: group.first.id,
})

test('groups equal filter and part, for any catalog, requirements and grouping', () => {
  const random = seeded(20_261_001)
  let informative = 0
  let several = 0
  let cut = 0
  for (let round = 0; round < 60; round++) {
    const offers = someOffers(random, random.int(1, 160))
    const catalog = catalogOf(offers)
    for (let request = 0; request < 40; request++) {
      const requirements = randomRequirements(random, offers)
      const grouping = random.pick(groupings)
      const expected = definedGroups(offers, requirements, grouping)
      const found = groupOffers(catalog, requirements, grouping)
      const told = JSON.stringify({ requirements, grouping })
      expect(found.groups.map(plain), told).toEqual(expected)
      expect(totalsOf(found).offers, told).toBe(catalog.count(requirements))
      const counted = expected.reduce((sum, group) => sum + group.offers, 0)
      if (counted > 0 && counted < offers.length) informative++
      if (expected.length > 2) several++
      if (requirements.maxPriceNanoUsd !== null && counted > 0) cut++
    }
    catalog.close()
  }
  // A property over cases without groups, or of one, says little.
  expect(informative).toBeGreaterThan(800)
  expect(several).toBeGreaterThan(500)
  expect(cut).toBeGreaterThan(250)
})

test('the groups of two files are those of one file that holds both', () => {
  const random = seeded(7)
  let joined = 0
  for (let round = 0; round < 120; round++) {
    const offers = someOffers(random, random.int(20, 160))
    const one = catalogOf(offers)
    const two = catalogOf(
      offers.filter(({ backend }) => backend < 'h'),
      offers.filter(({ backend }) => backend >= 'h'),
    )
    for (const grouping of groupings) {
      const requirements = randomRequirements(random, offers)
      const found = groupOffers(two, requirements, grouping)
      expect(found.groups.map(plain)).toEqual(
        groupOffers(one, requirements, grouping).groups.map(plain),
      )
      joined += found.groups.filter(({ backends }) => backends.length > 1).length
    }
    one.close()
    two.close()
  }
  expect(joined).toBeGreaterThan(100)
})

test('the order is total: no two groups are equal', () => {
  const random = seeded(11)
  const offers = someOffers(random, 400)
  const catalog = catalogOf(offers)
  for (const grouping of groupings) {
    const { groups } = groupOffers(catalog, randomRequirements(seeded(3), offers), grouping)
    for (const [index, group] of groups.entries())
      for (const later of groups.slice(index + 1)) {
        expect(compareGroups(group, later)).toBeLessThan(0)
        expect(compareGroups(later, group)).toBeGreaterThan(0)
      }
  }
  catalog.close()
})

/** The relaxations and the waterfall against their definitions, over generated catalogs. */
import { expect, test } from 'vitest'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { applyChanges } from '#why/changes'
import { explainWhy, type Why } from '#why/why'
import { randomRequirements, someOffers } from '../generators.ts'
import { type Random, seeded } from '../random.ts'
import { bruteForce, type Found } from './brute-force.ts'
import { withCatalog } from './catalog-of.ts'

const catalogs = 250
const requests = 40

/** Some disks smaller than a configuration can ask for. */
const offersAtRandom = (random: Random): readonly Offer[] => {
  const small = new Set(['m1', 'g2', 'Standard_D3'])
  return someOffers(random, random.int(4, 28)).map((offer) =>
    small.has(offer.instanceType.name)
      ? { ...offer, instanceType: { ...offer.instanceType, diskMib: 20_480 } }
      : offer,
  )
}

const told = (why: Why): readonly Found[] =>
  why.relaxations.map(({ changes, offers, added, cheapest, cheapestAdded }) => ({
    changes: changes.map(({ filter, to }) => `${filter.name} ${String(to)}`).join(', '),
    size: changes.length,
    offers,
    added,
    cheapest: cheapest.id,
    cheapestAdded: cheapestAdded.id,
    bounds: changes.filter(({ to }) => to !== null).length,
  }))

const byChanges = (left: Found, right: Found): number => (left.changes < right.changes ? -1 : 1)

const countOf = (requirements: Requirements, offers: readonly Offer[]): number => {
  const constraints = lower(requirements)
  return offers.filter((offer) => matches(constraints, offer)).length
}

const expectWaterfall = (why: Why, offers: readonly Offer[], message: string): void => {
  expect(why.total, message).toBe(offers.length)
  let left = offers.length
  for (const [index, step] of why.steps.entries()) {
    const later = why.steps.slice(index + 1).map(({ filter }) => ({ filter, to: null }))
    const passing = countOf(applyChanges(why.requirements, later), offers)
    expect([step.left, step.removed], message).toEqual([passing, left - passing])
    const dropped = applyChanges(why.requirements, [{ filter: step.filter, to: null }])
    expect(step.ifDropped.offers, message).toBe(countOf(dropped, offers))
    left = passing
  }
  expect(left, message).toBe(why.matched)
}

const isOrdered = (why: Why): boolean =>
  why.relaxations.every((one, index) => {
    const before = why.relaxations[index - 1]
    if (before === undefined || before.changes.length < one.changes.length) return true
    if (before.changes.length > one.changes.length) return false
    const standing = ({ stock, priceNanoUsd }: Offer): number =>
      (priceNanoUsd ?? 1e12) + (stock === 'none' ? 1e13 : 0)
    return standing(before.cheapestAdded) <= standing(one.cheapestAdded)
  })

test('relaxations and waterfall equal brute force', { timeout: 120_000 }, () => {
  const random = seeded(20_260_923)
  const seen = {
    cases: 0,
    nothing: 0,
    informative: 0,
    several: 0,
    triples: 0,
    fronts: 0,
    matched: 0,
  }
  for (let index = 0; index < catalogs; index++) {
    const offers = offersAtRandom(random)
    withCatalog(offers, (catalog) => {
      for (let request = 0; request < requests; request++) {
        const requirements = randomRequirements(random, offers)
        const message = `catalog ${index}: ${JSON.stringify(requirements)}`
        const unnamedVendors = random.pick([null, null, ['nvidia'], ['nvidia', 'amd']] as const)
        const expected = bruteForce(requirements, offers, unnamedVendors)
        const why = explainWhy(catalog, requirements, { relaxations: 0, unnamedVendors })
        expect(why.matched, message).toBe(expected.matched)
        expect(
          why.steps.map(({ filter }) => filter.name),
          message,
        ).toEqual(expected.asked)
        expect(told(why).toSorted(byChanges), message).toEqual(expected.found.toSorted(byChanges))
        expect(isOrdered(why), message).toBe(true)
        expectWaterfall(why, offers, message)
        seen.cases++
        if (expected.matched > 0) seen.matched++
        else if (expected.found.length === 0) seen.nothing++
        if (expected.found.length > 0) seen.informative++
        if (expected.found.length > 2) seen.several++
        if (expected.found.some(({ size }) => size === 3)) seen.triples++
        if (expected.found.some(({ bounds }) => bounds > 1)) seen.fronts++
      }
    })
  }
  expect(seen.cases).toBe(10_000)
  expect(seen.informative).toBeGreaterThan(6000)
  expect(seen.several).toBeGreaterThan(1500)
  expect(seen.triples).toBeGreaterThan(1500)
  expect(seen.fronts).toBeGreaterThan(1000)
  expect(seen.matched).toBeGreaterThan(500)
})

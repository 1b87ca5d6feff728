/** Search under an overlay against its definition: apply to every offer, filter, sort. */
import { expect, test } from 'vitest'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { Catalog } from '#offers/catalog'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { applyOverlay, overlaidCatalog, type Overlay, type OverlayStep } from '#api/overlay'
import { keysOf } from '#overlay/machine'
import { someRequirements } from '../builders.ts'
import { randomRequirements, someOffers } from '../generators.ts'
import { bySortKey } from '../offer-order.ts'
import { seeded } from '../random.ts'
import { anOverlay, aRule, aSelector, nowMs, today, withCatalog } from './builders.ts'
import { randomOverlay } from './generators.ts'

interface Defined {
  readonly offers: readonly Offer[]
  readonly steps: ReadonlyMap<string, readonly OverlayStep[]>
}

/** Written out apart from the product: own offers in place of the catalog's, rules on the rest. */
const definition = (base: readonly Offer[], overlay: Overlay): Defined => {
  const steps = new Map<string, readonly OverlayStep[]>()
  const offers: Offer[] = []
  const own = overlay.offers.filter(({ expires }) => expires === null || expires >= today)
  const ids = new Set(own.map((one) => keysOf(one).id))
  for (const offer of base) {
    if (ids.has(offer.id)) continue
    const applied = applyOverlay(offer, overlay, today)
    if ('excluded' in applied) continue
    offers.push(applied.offer)
    if (applied.steps.length > 0) steps.set(offer.id, applied.steps)
  }
  for (const { file, backend, region, instanceType, spot, priceNanoUsd, asOf } of own) {
    const { id } = keysOf({ backend, region, instanceType, spot })
    const observation = { source: file, observedAt: `${asOf ?? today}T00:00:00Z` }
    offers.push({
      id,
      backend,
      region,
      instanceType,
      spot,
      priceNanoUsd,
      stock: 'unknown',
      observation,
    })
    const before = base.find((one) => one.id === id)
    steps.set(id, [
      {
        file,
        rule: null,
        action: { kind: 'own' },
        basePriceNanoUsd: before?.priceNanoUsd ?? null,
        priceNanoUsd,
      },
    ])
  }
  return { offers, steps }
}

const answerOf = (defined: Defined, requirements: Requirements): readonly Offer[] =>
  defined.offers.filter((offer) => matches(lower(requirements), offer)).toSorted(bySortKey)

test('search under an overlay equals apply, filter and sort', () => {
  const random = seeded(20_260_721)
  let [informative, touched, excluded] = [0, 0, 0]
  for (let catalog = 0; catalog < 60; catalog++) {
    const offers = someOffers(random, random.int(1, 80))
    withCatalog(offers, (base, folder) => {
      const overlay = randomOverlay(random, offers)
      const defined = definition(offers, overlay)
      const environment = { DSTACK_OFFERS_HOME: folder }
      const overlaid = overlaidCatalog(base, overlay, { environment, nowMs })
      for (let request = 0; request < 24; request++) {
        const requirements = randomRequirements(random, offers)
        const limit = random.pick([0, 1, 3, 20])
        const expected = answerOf(defined, requirements)
        const told = JSON.stringify({ overlay, requirements })
        const found = overlaid.search(requirements, { limit })
        expect(found.matched, told).toBe(expected.length)
        expect(found.offers, told).toEqual(expected.slice(0, limit || undefined))
        const before = answerOf({ offers, steps: new Map() }, requirements)
        if (JSON.stringify(before) !== JSON.stringify(expected)) informative++
      }
      const all = overlaid.first(someRequirements(), 0)
      const sorted = (steps: Defined['steps']) =>
        [...steps].toSorted(([left], [right]) => (left < right ? -1 : 1))
      expect(sorted(overlaid.stepsOf(all))).toEqual(sorted(defined.steps))
      touched += defined.steps.size
      if (all.length < offers.length) excluded++
      overlaid.close()
    })
  }
  // A property over overlays that change no answer says little.
  expect(informative).toBeGreaterThan(350)
  expect(touched).toBeGreaterThan(600)
  expect(excluded).toBeGreaterThan(10)
})

const everything = (catalog: Catalog): readonly Offer[] => catalog.first(someRequirements(), 0)

test('an overlay without rules changes nothing, nor does one whose rules have expired', () => {
  const random = seeded(3)
  for (let index = 0; index < 10; index++) {
    const offers = someOffers(random, 60)
    withCatalog(offers, (base, folder) => {
      const before = everything(base)
      const digest = base.summary().digest
      const rules = index % 2 === 0 ? [] : [aRule({ expires: '2026-07-19' })]
      const options = { environment: { DSTACK_OFFERS_HOME: folder }, nowMs }
      const overlaid = overlaidCatalog(base, anOverlay({ rules }), options)
      expect(everything(overlaid)).toEqual(before)
      expect(overlaid.summary().digest).toBe(digest)
      expect(overlaid.stepsOf(before).size).toBe(0)
    })
  }
})

test('a rule that selects nothing makes a catalog equal to the base, by its digest', () => {
  withCatalog(someOffers(seeded(4), 80), (base, folder) => {
    const rules = [aRule({ selector: aSelector({ regions: ['mars'] }) })]
    const options = { environment: { DSTACK_OFFERS_HOME: folder }, nowMs }
    const overlaid = overlaidCatalog(base, anOverlay({ rules }), options)
    expect(overlaid.summary().digest).toBe(base.summary().digest)
    overlaid.close()
  })
})

test('one discount on everything keeps the order', () => {
  const random = seeded(5)
  for (let index = 0; index < 10; index++) {
    const offers = someOffers(random, 80)
    withCatalog(offers, (base, folder) => {
      const microPercent = random.int(1, 99_000_000)
      const rules = [aRule({ action: { kind: 'discount', microPercent } })]
      const options = { environment: { DSTACK_OFFERS_HOME: folder }, nowMs }
      const before = everything(base)
      const overlaid = overlaidCatalog(base, anOverlay({ rules }), options)
      const after = everything(overlaid)
      expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
      for (const [place, { priceNanoUsd }] of after.entries())
        expect(priceNanoUsd ?? Infinity).toBeLessThanOrEqual(
          before[place]?.priceNanoUsd ?? Infinity,
        )
      overlaid.close()
    })
  }
})

test('exclusions exclude, whole backends too', () => {
  withCatalog(someOffers(seeded(6), 120), (base, folder) => {
    const rules = [
      aRule({ selector: aSelector({ backends: ['aws'] }), action: { kind: 'exclude' } }),
    ]
    const options = { environment: { DSTACK_OFFERS_HOME: folder }, nowMs }
    const before = everything(base)
    const overlaid = overlaidCatalog(base, anOverlay({ rules }), options)
    expect(everything(overlaid)).toEqual(before.filter(({ backend }) => backend !== 'aws'))
    expect(overlaid.backends()).toEqual(base.backends().filter((name) => name !== 'aws'))
    overlaid.close()
  })
})

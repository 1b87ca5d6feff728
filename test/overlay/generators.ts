/** Overlays at random, crowded so that rules meet. */
import type { Offer } from '#domain/offer'
import type { Overlay, OverlayAction, OverlayRule, PrivateOffer, Selector } from '#overlay/overlay'
import { keysOf } from '#overlay/machine'
import { anInstanceType } from '../builders.ts'
import type { Random } from '../random.ts'
import { anOverlay, aPrivateOffer, aRule, aSelector } from './builders.ts'

const some = <T>(random: Random, chance: number, make: () => T): T | null =>
  random.chance(chance) ? make() : null

const selector = (random: Random, offers: readonly Offer[]): Selector => {
  const named = (): readonly string[] => {
    const { name } = random.pick(offers).instanceType
    return [random.chance(0.5) ? name.toUpperCase() : `${name.slice(0, 1)}*`]
  }
  return aSelector({
    backends: some(random, 0.4, () => [random.pick(offers).backend, 'vastai']),
    regions: some(random, 0.3, () => ['us-east-1', random.pick(offers).region ?? 'mars']),
    instanceTypes: some(random, 0.3, named),
    gpus: some(random, 0.2, () => [random.pick(['a100', 'H100', 't4'])]),
    spot: some(random, 0.3, () => random.chance(0.5)),
  })
}

const action = (random: Random): OverlayAction => {
  const kind = random.pick(['discount', 'discount', 'price', 'exclude'] as const)
  if (kind === 'discount') return { kind, microPercent: random.int(1, 99) * 1_000_000 }
  return kind === 'price' ? { kind, priceNanoUsd: random.int(1, 12) * 100_000_000 } : { kind }
}

const expires = (random: Random): string | null =>
  some(random, 0.2, () => random.pick(['2026-07-19', '2026-07-20', '2030-01-01']))

const rules = (random: Random, offers: readonly Offer[], count: number): readonly OverlayRule[] =>
  Array.from({ length: count }, (_, index) =>
    aRule({
      name: `rule-${index}`,
      index,
      selector: selector(random, offers),
      action: action(random),
      expires: expires(random),
      weight: random.pick([-1, 0, 0, 0, 1, 5]),
    }),
  )

/** A machine of one's own, or one that the catalog knows, perhaps in a place it is known in. */
const privateOffers = (
  random: Random,
  offers: readonly Offer[],
  count: number,
): readonly PrivateOffer[] => {
  const found = new Map<string, PrivateOffer>()
  for (let index = 0; index < count; index++) {
    const known = random.pick(offers)
    const own = random.chance(0.5)
    const offer = aPrivateOffer({
      index,
      backend: own ? random.pick(['ssh', 'aws']) : known.backend,
      region: random.pick(['office', 'us-east-1', known.region]),
      instanceType: own ? anInstanceType({ name: 'rack-1', cpus: 16 }) : known.instanceType,
      spot: random.chance(0.3),
      priceNanoUsd: random.int(1, 12) * 100_000_000,
      expires: expires(random),
    })
    found.set(keysOf(offer).id, offer)
  }
  return [...found.values()]
}

export const randomOverlay = (random: Random, offers: readonly Offer[]): Overlay =>
  anOverlay({
    rules: rules(random, offers, random.int(0, 6)),
    offers: random.chance(0.5) ? privateOffers(random, offers, random.int(1, 4)) : [],
  })

import type { Offer } from '#domain/offer'
import { dayOf } from '#platform/day'
import type { Environment } from '#platform/environment'
import type { Catalog } from '#offers/catalog'
import { activeRules, overlayApplier } from './apply.ts'
import { noRequirements } from '#domain/requirements'
import { derivedCatalog } from './derived-catalog.ts'
import { overlayDigest } from './digest.ts'
import { isActive, type Overlay, type OverlayStep } from './overlay.ts'
import { activeOffers } from './own-offers.ts'

/** What an overlay did to offers, by their ids; an offer it did not touch is not among them. */
export type OverlaySteps = ReadonlyMap<string, readonly OverlayStep[]>

/** A catalog under an overlay: searched and counted like any other. */
export interface OverlaidCatalog extends Catalog {
  readonly overlay: Overlay
  /** sha256 of what the overlay says, in hex. */
  readonly overlayDigest: string
  /** The catalog beneath, without the overlay. Closed with this one. */
  readonly base: Catalog
  /** Whether a file made earlier answers, rather than one made now. */
  readonly reused: boolean
  /** What was done to these offers of this catalog. */
  stepsOf(offers: readonly Offer[]): OverlaySteps
}

export interface OverlayOptions {
  /** Says where the derived catalog is kept. */
  readonly environment: Environment
  /** The present, which decides what has expired. */
  readonly nowMs: number
}

/**
 * The catalog under the overlay. It takes `base` over: closing it closes both. Throws
 * ConfigurationError where an own offer contradicts the catalog, and then closes nothing.
 */
export const overlaidCatalog = (
  base: Catalog,
  overlay: Overlay,
  { environment, nowMs }: OverlayOptions,
): OverlaidCatalog => {
  const today = dayOf(nowMs)
  const idle = ![...overlay.rules, ...overlay.offers].some((one) => isActive(one, today))
  const { catalog, reused } = idle
    ? { catalog: base, reused: true }
    : derivedCatalog({ base, overlay, today }, environment)
  return {
    ...catalog,
    overlay,
    overlayDigest: overlayDigest(overlay),
    base,
    reused,
    stepsOf: stepFinder(base, overlay, today),
    close: () => {
      catalog.close()
      if (!idle) base.close()
    },
  }
}

/** Looks up the prices before in the base catalog, those of all touched offers at once. */
const stepFinder = (base: Catalog, overlay: Overlay, today: string): OverlaidCatalog['stepsOf'] => {
  const own = activeOffers(overlay, today)
  const rules = activeRules(overlay, today)
  const apply = overlayApplier(overlay, today)
  const ownStep = (offer: Offer, before: Offer | undefined): OverlayStep => ({
    file: own.get(offer.id)?.file ?? offer.observation.source,
    rule: null,
    action: { kind: 'own' },
    basePriceNanoUsd: before?.priceNanoUsd ?? null,
    priceNanoUsd: offer.priceNanoUsd,
  })
  const stepsOfOne = (offer: Offer, before: Offer | undefined): readonly OverlayStep[] => {
    if (own.has(offer.id)) return [ownStep(offer, before)]
    const applied = before && apply(before)
    return applied && 'steps' in applied ? applied.steps : []
  }
  return (offers) => {
    const touched = offers.filter(
      (offer) => own.has(offer.id) || rules.some((rule) => rule.selects(offer)),
    )
    const before = findOffers(base, touched)
    return new Map(
      touched
        .map((offer) => [offer.id, stepsOfOne(offer, before.get(offer.id))] as const)
        .filter(([, steps]) => steps.length > 0),
    )
  }
}

const findOffers = (base: Catalog, wanted: readonly Offer[]): ReadonlyMap<string, Offer> => {
  if (wanted.length === 0) return new Map()
  const backends = [...new Set(wanted.map(({ backend }) => backend))]
  const instanceTypes = [...new Set(wanted.map(({ instanceType }) => instanceType.name))]
  const found = base.first({ ...noRequirements, backends, instanceTypes }, 0)
  return new Map(found.map((offer) => [offer.id, offer]))
}

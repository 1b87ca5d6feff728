/** Collects the offers and rejects of a page. */
import { type InstanceType, type Observation, type Offer, offerId, type Stock } from '#domain/offer'
import type { PageOffers, Reject } from './importer.ts'

interface OfferParts {
  readonly region: string | null
  readonly instanceType: InstanceType
  readonly spot: boolean
  readonly priceNanoUsd: number | null
  readonly stock: Stock
}

export interface Gathering {
  /** Rejects what has no price above zero. */
  offer(parts: OfferParts): void
  /** Keeps what has a price that cannot be told in dollars. */
  unpriced(parts: Omit<OfferParts, 'priceNanoUsd'>): void
  reject(reason: string, row: string): void
  end(): PageOffers
}

/**
 * Of two prices of one offer the dearer stays, whatever their order: an answer may be too careful, but
 * never promises too much. False where there was one before.
 */
export const keepDearer = (offers: Map<string, Offer>, offer: Offer): boolean => {
  const before = offers.get(offer.id)
  if (!before || (before.priceNanoUsd ?? 0) < (offer.priceNanoUsd ?? 0)) offers.set(offer.id, offer)
  return before === undefined
}

export const newGathering = (
  backend: string,
  observation: Observation,
  malformed: readonly Reject[],
): Gathering => {
  const offers = new Map<string, Offer>()
  const rejects: Reject[] = [...malformed]
  const reject = (reason: string, row: string): void => {
    rejects.push({ reason, row })
  }
  const keep = (parts: OfferParts): void => {
    const { region, instanceType, spot } = parts
    const id = offerId(backend, region, instanceType.name, spot)
    if (!keepDearer(offers, { id, backend, observation, ...parts })) reject('there twice', id)
  }
  return {
    reject,
    offer: (parts) => {
      if (parts.priceNanoUsd !== null) return keep(parts)
      const reason = parts.spot ? 'no spot price above zero' : 'no price above zero'
      reject(reason, parts.instanceType.name)
    },
    unpriced: (parts) => keep({ ...parts, priceNanoUsd: null }),
    end: () => ({ offers: [...offers.values()], rejects }),
  }
}

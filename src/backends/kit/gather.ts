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
  return {
    reject,
    offer: (parts) => {
      const { region, instanceType, spot, priceNanoUsd } = parts
      const id = offerId(backend, region, instanceType.name, spot)
      if (priceNanoUsd === null) {
        reject(spot ? 'no spot price above zero' : 'no price above zero', instanceType.name)
      } else if (!keepDearer(offers, { id, backend, observation, ...parts })) {
        reject('there twice', id)
      }
    },
    end: () => ({ offers: [...offers.values()], rejects }),
  }
}

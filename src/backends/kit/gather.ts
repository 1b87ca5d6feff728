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
  /** Rejects what has no price above zero; like all the others, what cannot be a machine. */
  offer(parts: OfferParts): void
  /** Keeps what has a price that cannot be told in dollars. */
  unpriced(parts: Omit<OfferParts, 'priceNanoUsd'>): void
  reject(reason: string, row: string): void
  end(): PageOffers
}

/** Whatever a source writes of itself: no name holds a control character, which terminals would obey. */
const isName = (text: string): boolean => text.trim() !== '' && !/\p{Cc}/u.test(text)

/** What no catalog can hold: here it costs its row, there it would cost the backend. */
const flawOf = ({ region, instanceType }: Pick<OfferParts, 'region' | 'instanceType'>) => {
  const { name, cpus, memoryMib, gpu, gpuCount } = instanceType
  if (!isName(name)) return 'no usable name'
  if (region !== null && !isName(region)) return 'no usable region'
  const isWhole = Number.isSafeInteger(gpuCount) && gpuCount >= 0
  if (!isWhole || (gpu === null) !== (gpuCount === 0)) return 'no whole number of accelerators'
  const isMachine = Number.isSafeInteger(Math.round(cpus * 1000)) && cpus >= 0.001 && memoryMib > 0
  return isMachine ? null : 'no vCPU or no memory'
}

const stocks: readonly Stock[] = ['none', 'unknown', 'low', 'medium', 'high']

const outranks = (one: Offer, other: Offer): boolean => {
  const dearer = (one.priceNanoUsd ?? 0) - (other.priceNanoUsd ?? 0)
  return dearer === 0 ? stocks.indexOf(one.stock) > stocks.indexOf(other.stock) : dearer > 0
}

/**
 * Of two prices of one offer the dearer stays, whatever their order: an answer may be too careful, but
 * never promises too much. Of two at one price the one that can be had. False where there was one before.
 */
export const keepDearer = (offers: Map<string, Offer>, offer: Offer): boolean => {
  const before = offers.get(offer.id)
  if (!before || outranks(offer, before)) offers.set(offer.id, offer)
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
    const flaw = flawOf(parts)
    if (flaw !== null) return reject(flaw, instanceType.name)
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

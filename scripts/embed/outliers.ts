/**
 * A price list's own mistakes. Clouds price a machine up to about twice as high in one region as in
 * another (AMD machines in India cost half of what they cost elsewhere); an on-demand price of less
 * than a third of what the same machine costs elsewhere is a slip of the source, and would rank
 * first in every answer.
 */
import type { Offer } from '#domain/offer'
import type { Extraction } from './source.ts'

const leastShare = 1 / 3
const fewestRegions = 4

export const outlierReason = 'less than a third of its price in other regions'

export const withoutOutliers = (extraction: Extraction): Extraction => {
  const medians = mediansOf(extraction.offers)
  const kept = extraction.offers.filter((offer) => {
    const median = offer.spot ? undefined : medians.get(offer.instanceType.name)
    return median === undefined || Number(offer.priceNanoUsd) >= leastShare * median
  })
  const outliers = extraction.offers.length - kept.length
  if (outliers === 0) return extraction
  return {
    ...extraction,
    offers: kept,
    rejected: new Map([...extraction.rejected, [outlierReason, outliers]]),
  }
}

/** Median on-demand price of each machine sold in enough regions to tell. */
const mediansOf = (offers: readonly Offer[]): ReadonlyMap<string, number> => {
  const prices = new Map<string, number[]>()
  for (const { instanceType, spot, priceNanoUsd } of offers) {
    if (spot || priceNanoUsd === null) continue
    prices.set(instanceType.name, [...(prices.get(instanceType.name) ?? []), priceNanoUsd])
  }
  const medians = new Map<string, number>()
  for (const [name, found] of prices) {
    const middle = found.toSorted((left, right) => left - right)[Math.floor(found.length / 2)]
    if (found.length >= fewestRegions && middle !== undefined) medians.set(name, middle)
  }
  return medians
}

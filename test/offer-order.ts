/** The order of offers, written out apart from the product's own. */
import { backendNames } from '#domain/backend'
import type { Offer } from '#domain/offer'

const rank = (backend: string): number => {
  const listed = (backendNames as readonly string[]).indexOf(backend)
  return listed < 0 ? backendNames.length : listed
}

const sortKey = (offer: Offer): readonly (number | string)[] => [
  offer.stock === 'none' ? 1 : 0,
  offer.priceNanoUsd ?? Infinity,
  rank(offer.backend),
  offer.instanceType.name,
  offer.spot ? 1 : 0,
  offer.region ?? '',
]

export const bySortKey = (left: Offer, right: Offer): number => {
  const other = sortKey(right)
  for (const [index, key] of sortKey(left).entries()) {
    const against = other[index] ?? ''
    if (key < against) return -1
    if (key > against) return 1
  }
  return 0
}

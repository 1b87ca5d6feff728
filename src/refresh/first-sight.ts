/** Prices of a backend that was never refreshed, beside those that come with the program. Pure. */
import type { Offer } from '#domain/offer'
import { enoughToCompare, median } from './median.ts'

type KeyOf = (offer: Offer) => string | null

const spotOf = ({ spot }: Offer): string => (spot ? 'spot' : 'on-demand')

/** From the finest to the coarsest: sources name regions and machines each in their own way. */
const keys: readonly KeyOf[] = [
  ({ id }) => id,
  (offer) => `${offer.instanceType.name} ${spotOf(offer)}`,
  (offer) => {
    const { gpu } = offer.instanceType
    return gpu === null ? null : `${gpu.name} ${gpu.memoryMib} ${spotOf(offer)}`
  },
]

/** Per accelerator, where there are any: sizes need not be the same. */
const unitPrice = ({ priceNanoUsd, instanceType: { gpuCount } }: Offer): number | null =>
  priceNanoUsd === null ? null : priceNanoUsd / Math.max(1, gpuCount)

const pricesBy = (offers: readonly Offer[], keyOf: KeyOf): ReadonlyMap<string, number> => {
  const prices = new Map<string, number[]>()
  for (const offer of offers) {
    const [key, price] = [keyOf(offer), unitPrice(offer)]
    if (key === null || price === null) continue
    const known = prices.get(key)
    if (known) known.push(price)
    else prices.set(key, [price])
  }
  return new Map([...prices].map(([key, some]) => [key, median(some)]))
}

const ratiosBy = (keyOf: KeyOf, known: readonly Offer[], fresh: readonly Offer[]) => {
  const before = pricesBy(known, keyOf)
  return [...pricesBy(fresh, keyOf)].flatMap(([key, price]) => {
    const old = before.get(key)
    return old === undefined ? [] : [price / old]
  })
}

/**
 * By what factor fresh prices differ from known ones, by the median; null where too little of both
 * can be compared.
 */
export const firstShift = (known: readonly Offer[], fresh: readonly Offer[]): number | null => {
  for (const keyOf of keys) {
    const ratios = ratiosBy(keyOf, known, fresh)
    if (ratios.length >= enoughToCompare) return median(ratios)
  }
  const few = ratiosBy(keys[2] ?? (() => null), known, fresh)
  return few.length >= leastModels ? median(few) : null
}

/** Small clouds have few models; three that are all off by a factor are no chance. */
const leastModels = 3

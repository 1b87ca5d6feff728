/** One spot price of a type in a region, of those in its zones. */
import { nanoOfUsd } from '#backends/kit/figures'
import type { SpotPrice } from './schema.ts'

/** RFC 3339 in UTC: the later text is the later time. */
const newestByZone = (prices: readonly SpotPrice[]): Iterable<SpotPrice> => {
  const newest = new Map<string, SpotPrice>()
  for (const price of prices) {
    if (price.productDescription !== 'Linux/UNIX') continue
    const key = `${price.instanceType} ${price.availabilityZone}`
    const before = newest.get(key)
    if (!before || before.timestamp < price.timestamp) newest.set(key, price)
  }
  return newest.values()
}

/** Type -> the newest price of its dearest zone: the region promises no zone. Null is no price. */
export const spotPricesOf = (prices: readonly SpotPrice[]): ReadonlyMap<string, number | null> => {
  const dearest = new Map<string, number | null>()
  for (const { instanceType, spotPrice } of newestByZone(prices)) {
    const nanoUsd = nanoOfUsd(spotPrice)
    const before = dearest.get(instanceType) ?? null
    dearest.set(instanceType, before !== null && before > (nanoUsd ?? 0) ? before : nanoUsd)
  }
  return dearest
}

/** What a product's price and unit come to by the hour. */
import type { Product } from './schema.ts'

const unitsPerHour: ReadonlyMap<string, number> = new Map([
  ['hour', 1],
  ['minute', 60],
  ['second', 3600],
])

export interface HourlyAmount {
  readonly currency: string
  /** A decimal; null where there is no price. */
  readonly amount: string | null
}

/** Why there is none, as a reason; products are billed by the hour or by the minute. */
export const hourlyAmountOf = ({
  price,
  unit_of_measure: measure,
}: Product): HourlyAmount | string => {
  const perHour = measure === null ? undefined : unitsPerHour.get(measure.unit)
  if (measure === null || perHour === undefined || measure.size < 1) {
    return 'billed by another unit than time'
  }
  if (price === null) return { currency: 'EUR', amount: null }
  const { currency_code: currency, units, nanos } = price.retail_price
  const nano = (BigInt(units) * 1_000_000_000n + BigInt(nanos)) * BigInt(perHour)
  const size = BigInt(measure.size)
  return nano % size === 0n
    ? { currency, amount: `${nano / size}e-9` }
    : 'billed by another unit than time'
}

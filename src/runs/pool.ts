/** Idle machines that can serve a replica: all requirements count, and the cheapest comes first. */
import type { Offer } from '#domain/offer'
import type { Instance } from './rows.ts'

export interface PoolRequest {
  readonly pool: string
  /** Null for any. */
  readonly instanceName: string | null
  readonly maxPriceNanoUsd: number | null
  /** The same predicate that offers are searched with. */
  readonly matches: (offer: Offer) => boolean
}

/** What a machine costs: its real rate where the backend tells it. */
const costOf = ({ rateNanoUsd, offer }: Instance): number | null =>
  rateNanoUsd ?? offer.priceNanoUsd

const isWithin = (instance: Instance, limit: number | null): boolean => {
  const cost = costOf(instance)
  return limit === null || (cost !== null && cost <= limit)
}

const cheapestFirst = (left: Instance, right: Instance): number =>
  (costOf(left) ?? Infinity) - (costOf(right) ?? Infinity) || left.createdMs - right.createdMs

/** Cheapest first. */
export const idleMatches = (
  instances: readonly Instance[],
  { pool, instanceName, maxPriceNanoUsd, matches }: PoolRequest,
): readonly Instance[] =>
  instances
    .filter(
      (one) =>
        one.status === 'idle' &&
        one.pool === pool &&
        (instanceName === null || one.name === instanceName) &&
        isWithin(one, maxPriceNanoUsd) &&
        matches(one.offer),
    )
    .toSorted(cheapestFirst)

/** Money is spent at prices of today, or not at all. */
import { parseInstant } from '#platform/clock'
import { ownBackends } from '#domain/backend'
import type { Offer } from '#domain/offer'
import { oldAfterMs } from '#domain/price-age'

/** The user's own prices do not age, and the simulator's are made up as they are asked for. */
const neverAges = (backend: string): boolean => ownBackends.has(backend) || backend === 'simulator'

const isOld = ({ backend, observation }: Offer, nowMs: number): boolean => {
  if (neverAges(backend)) return false
  const seenMs = parseInstant(observation.observedAt)
  return seenMs === null || nowMs - seenMs > oldAfterMs(backend)
}

/** Backends with a price among the offers that is too old to spend money at. */
export const backendsTooOld = (offers: readonly Offer[], nowMs: number): readonly string[] => [
  ...new Set(offers.filter((offer) => isOld(offer, nowMs)).map(({ backend }) => backend)),
]

/** What is left alone for a while after a failure, and for how long. */
import type { FailureClass, FailureScope, Verdict } from '#domain/launch'
import type { Offer } from '#domain/offer'

const minute = 60
const hour = 60 * minute

/**
 * Seconds by class; classes that say nothing about the next attempt have none. Credentials and
 * balance stay until they change, which nothing tells: a day, or until a person says so.
 */
const seconds: Partial<Record<FailureClass, number>> = {
  'no-capacity': 3 * minute,
  'offer-gone': 10 * minute,
  'rate-limited': minute,
  quota: hour,
  forbidden: 6 * hour,
  auth: 24 * hour,
  balance: hour,
}

/** What a scope covers, as a text that two offers of the same scope share; null where it is none of them. */
const keyOf = (
  scope: FailureScope,
  { backend, region, instanceType, spot, id }: Offer,
): string | null => {
  const family = instanceType.name.split(/[.\-_0-9]/)[0] ?? instanceType.name
  const place = region ?? '?'
  switch (scope) {
    case 'offer':
      return `offer ${id}`
    case 'type-zone':
    case 'type-region':
      return `type ${backend} ${place} ${instanceType.name} ${spot}`
    case 'family-region':
      return `family ${backend} ${place} ${family}`
    case 'billing-region':
      return `billing ${backend} ${place} ${spot}`
    // An offer has no zone of its own: what holds in one of its zones is not held against the region.
    case 'zone':
      return `type ${backend} ${place} ${instanceType.name} ${spot}`
    case 'region':
      return `region ${backend} ${place}`
    case 'backend':
      return `backend ${backend}`
    case 'call':
    case 'attempt':
    case 'instance':
      return null
  }
}

export interface CoolDown {
  readonly key: string
  readonly untilMs: number
  readonly why: string
}

/** Null where the failure says nothing about other attempts. */
export const coolDownOf = (verdict: Verdict, offer: Offer, nowMs: number): CoolDown | null => {
  const key = keyOf(verdict.scope, offer)
  const length = seconds[verdict.class]
  if (key === null || length === undefined) return null
  const untilMs = nowMs + Math.max(length * 1000, verdict.retryAfterMs ?? 0)
  return { key, untilMs, why: `${verdict.class}: ${verdict.message}` }
}

const scopes: readonly FailureScope[] = [
  'offer',
  'type-region',
  'family-region',
  'billing-region',
  'region',
  'backend',
]

/** The keys that stand in an offer's way where one of them is cooling down. */
export const coolDownKeys = (offer: Offer): readonly string[] =>
  scopes.flatMap((scope) => keyOf(scope, offer) ?? [])

/** From when on prices are worth a warning. No importer is asked: this is read by every answer. */
import type { Offer } from '#domain/offer'
import { oldAfterMs } from '#domain/price-age'
import { ageMs, printAge } from './age.ts'
import { visible } from './text-width.ts'

/** The oldest price of a backend; null where one does not tell when it was seen. */
export interface BackendAge {
  readonly backend: string
  readonly ageMs: number | null
}

/** The oldest first; of unknown age before all. */
const byAge = (one: BackendAge, other: BackendAge): number =>
  (other.ageMs ?? Infinity) - (one.ageMs ?? Infinity)

/** Backends with a price among the offers that is older than `limitOf` admits, the oldest first. */
export const olderThan = (
  offers: readonly Offer[],
  limitOf: (backend: string) => number,
  nowMs: number,
): readonly BackendAge[] => {
  const oldest = new Map<string, number | null>()
  for (const { backend, observation } of offers) {
    const age = ageMs(observation.observedAt, nowMs)
    const before = oldest.get(backend)
    if (before === null) continue
    oldest.set(backend, age === null ? null : Math.max(age, before ?? 0))
  }
  return [...oldest]
    .map(([backend, age]) => ({ backend, ageMs: age }))
    .filter(({ backend, ageMs: age }) => age === null || age > limitOf(backend))
    .toSorted(byAge)
}

/** `aws 8mo, runpod 6mo`. */
export const printBackendAges = (ages: readonly BackendAge[]): string =>
  ages.map(({ backend, ageMs: age }) => `${visible(backend)} ${printAge(age)}`).join(', ')

/** A line for standard error, or none. */
export const agedPrices = (offers: readonly Offer[], nowMs: number): readonly string[] => {
  const old = olderThan(offers, oldAfterMs, nowMs)
  return old.length === 0
    ? []
    : [
        `old prices: ${printBackendAges(old)}; "dstack-offers catalog refresh" fetches what can be fetched`,
      ]
}

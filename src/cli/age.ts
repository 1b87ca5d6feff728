import { parseInstant } from '#platform/clock'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const monthMs = 30.4375 * dayMs

/** Prices older than this are marked. */
const staleAfterMs = 24 * hourMs

/** Null where the time of observation does not read. An observation in the future is new. */
export const ageMs = (observedAt: string, nowMs: number): number | null => {
  const observedMs = parseInstant(observedAt)
  return observedMs === null ? null : Math.max(0, nowMs - observedMs)
}

export const isStale = (age: number | null): boolean => age === null || age > staleAfterMs

/** `41m`, `2h`, `12d`, `4mo`, `3y`; `?` for unknown. */
export const printAge = (age: number | null): string => {
  if (age === null) return '?'
  if (age < hourMs) return `${Math.floor(age / minuteMs)}m`
  if (age <= staleAfterMs) return `${Math.floor(age / hourMs)}h`
  if (age < 60 * dayMs) return `${Math.floor(age / dayMs)}d`
  if (age < 24 * monthMs) return `${Math.floor(age / monthMs)}mo`
  return `${Math.floor(age / (12 * monthMs))}y`
}

/** The age with the word that marks an old one: `2h`, `12d stale`. */
export const printAgeMarked = (age: number | null): string =>
  isStale(age) ? `${printAge(age)} stale` : printAge(age)

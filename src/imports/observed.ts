/** When the prices of a document were true. */
import { ArgumentError, UpstreamInvalidError } from '#domain/errors'
import { parseInstant } from '#platform/clock'
import { isDay } from '#platform/day'
import { printArgument } from './print-argument.ts'

/** A day or an RFC 3339 instant, not to come. Throws ArgumentError. */
export const parseObservedAt = (text: string, nowMs: number): number => {
  const instantMs = parseInstant(isDay(text) ? `${text}T00:00:00Z` : text)
  if (instantMs === null) {
    throw new ArgumentError(`--observed-at "${text}" is no day and no time`, {
      hint: 'write 2026-05-20 or 2026-05-20T10:00:00Z',
    })
  }
  if (instantMs > nowMs) throw new ArgumentError(`--observed-at "${text}" is yet to come`)
  return instantMs
}

/** Archives tell the time of some clock without its zone; none is further ahead. */
const furthestZoneMs = 14 * 60 * 60 * 1000

/** Throws for a document of the future: its prices would never be replaced by later ones. */
export const notToCome = (observedMs: number, source: string, nowMs: number): number => {
  if (observedMs > nowMs + furthestZoneMs) {
    throw new UpstreamInvalidError(`"${source}" says that it is made in the future`, {
      hint: 'say when its prices were seen: --observed-at 2026-05-20',
    })
  }
  return Math.min(observedMs, nowMs)
}

/**
 * The time of a file is when it was copied or checked out, which may be years after its prices were
 * true: taken for it, old prices would stand before fresh ones.
 */
export const timeUnknown = (source: string): ArgumentError =>
  new ArgumentError(`when the prices of "${printArgument(source)}" were seen is not known`, {
    hint: 'say it: --observed-at 2026-05-20',
  })

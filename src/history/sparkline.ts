/** A course of prices as one line of signs. */
import { parseInstant } from '#platform/clock'
import type { PricePoint } from './series.ts'

export interface SparklineOptions {
  /** Signs. */
  readonly width: number
  readonly nowMs: number
  /** Whether the terminal shows signs beyond ASCII. */
  readonly unicode: boolean
}

const levels = { blocks: '▁▂▃▄▅▆▇█', ascii: '_.-~=+*#' } as const

/** The point that holds at an instant; the last one up to it. */
const pointAt = (points: readonly PricePoint[], atMs: number): PricePoint | undefined =>
  points.findLast((point) => (parseInstant(point.at) ?? 0) <= atMs)

/**
 * From the first point to now, in parts of equal length; each shows the price at its end, between
 * the lowest and the highest of all. `?` is an unknown price, a blank an offer that is gone.
 */
export const sparkline = (
  points: readonly PricePoint[],
  { width, nowMs, unicode }: SparklineOptions,
): string => {
  const signs = unicode ? levels.blocks : levels.ascii
  const prices = points.flatMap(({ priceNanoUsd }) => priceNanoUsd ?? [])
  const [low, high] = [Math.min(...prices), Math.max(...prices)]
  const signOf = (point: PricePoint | undefined): string => {
    if (point === undefined || point.gone) return ' '
    if (point.priceNanoUsd === null) return '?'
    if (high === low) return signs[3] ?? ''
    const part = (point.priceNanoUsd - low) / (high - low)
    return signs[Math.round(part * (signs.length - 1))] ?? ''
  }
  const startMs = parseInstant(points[0]?.at ?? '') ?? nowMs
  const spanMs = Math.max(0, nowMs - startMs)
  return Array.from({ length: width }, (_, index) =>
    signOf(pointAt(points, startMs + (spanMs * (index + 1)) / width)),
  ).join('')
}

/** What the locale says; without one, signs beyond ASCII are taken for shown, as in other tables. */
export const showsUnicode = (
  environment: Readonly<Record<string, string | undefined>>,
): boolean => {
  if (environment['TERM'] === 'linux' || environment['TERM'] === 'dumb') return false
  const locale = environment['LC_ALL'] || environment['LC_CTYPE'] || environment['LANG'] || 'UTF-8'
  return /utf-?8/i.test(locale)
}

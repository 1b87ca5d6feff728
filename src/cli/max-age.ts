/** `--max-age`: no answer rather than one with older prices. */
import type { Command } from 'commander'
import { CatalogStaleError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import { olderThan, printBackendAges } from './freshness.ts'
import { visible } from './text-width.ts'

export interface MaxAgeFlags {
  readonly maxAge?: string
}

export const addMaxAgeFlag = (command: Command): Command =>
  command.option('--max-age <duration>', 'refuse an answer with older prices, such as 24h or 14d')

/**
 * Throws CatalogStaleError where one of the offers was seen longer ago than the flag admits, or
 * nobody knows when; ArgumentError where the flag holds no duration.
 */
export const refuseOlder = async (
  offers: readonly Offer[],
  { maxAge }: MaxAgeFlags,
  nowMs: number,
): Promise<void> => {
  if (maxAge === undefined) return
  const { parseDuration } = await import('#api/cost')
  const limitMs = parseDuration(maxAge) * 1000
  const old = olderThan(offers, () => limitMs, nowMs)
  if (old.length === 0) return
  const names = old.map(({ backend }) => visible(backend)).join(', ')
  throw new CatalogStaleError(
    `the answer has prices older than --max-age "${visible(maxAge)}": ${printBackendAges(old)}`,
    { hint: `run dstack-offers catalog refresh, or ask without ${names}: -b names those wanted` },
  )
}

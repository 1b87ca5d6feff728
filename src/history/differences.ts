/** What has changed between a moment and now. */
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { printInstant } from '#platform/http-time'
import type { Sqlite } from '#platform/sqlite'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { firstGenerations, type Generation, lastGenerations } from './generations.ts'
import { type HeldOffer, heldBackend } from './held.ts'

/** `priced`: its price became known; `unpriced`: it no longer is. */
export const differenceKinds = ['cheaper', 'dearer', 'added', 'gone', 'priced', 'unpriced'] as const
export type DifferenceKind = (typeof differenceKinds)[number]

export interface Difference {
  readonly kind: DifferenceKind
  /** As it is now, or last was. */
  readonly offer: Offer
  readonly beforeNanoUsd: number | null
  readonly afterNanoUsd: number | null
  /** When its price last changed, or it came or went; RFC 3339. Its stock alone does not count. */
  readonly changedAt: string
}

export interface Differences {
  /** In the order of kinds; within one, the greatest change first. */
  readonly differences: readonly Difference[]
  /** Backends recorded later than asked: compared from their first record on. */
  readonly later: readonly { readonly backend: string; readonly since: string }[]
}

const present = (held: HeldOffer | undefined): Offer | null =>
  held === undefined || held.gone ? null : held.offer

const kindOf = (before: Offer | null, after: Offer | null): DifferenceKind | null => {
  if (before === null) return after === null ? null : 'added'
  if (after === null) return 'gone'
  const [old, now] = [before.priceNanoUsd, after.priceNanoUsd]
  if (old === now) return null
  if (old === null) return 'priced'
  if (now === null) return 'unpriced'
  return now < old ? 'cheaper' : 'dearer'
}

const ratio = ({ beforeNanoUsd, afterNanoUsd }: Difference): number =>
  beforeNanoUsd === null || afterNanoUsd === null
    ? 0
    : Math.abs(Math.log(afterNanoUsd / beforeNanoUsd))

const byWeight = (left: Difference, right: Difference): number =>
  differenceKinds.indexOf(left.kind) - differenceKinds.indexOf(right.kind) ||
  ratio(right) - ratio(left) ||
  (left.offer.id < right.offer.id ? -1 : 1)

/** A market's stock changes by the hour, and its prices by the week. */
const changeReader = (database: Sqlite): ((historyId: number) => number | undefined) => {
  const statement = database
    .prepare<[number], number>(
      `SELECT recorded_at FROM (
         SELECT generation, price, stock IS NULL AS gone, row_number() OVER course AS place,
           lag(price) OVER course AS old_price, lag(stock IS NULL) OVER course AS was_gone
         FROM change WHERE offer_id = ? WINDOW course AS (ORDER BY generation))
       JOIN generation ON generation.id = generation
       WHERE place = 1 OR price IS NOT old_price OR gone <> was_gone
       ORDER BY generation.id DESC LIMIT 1`,
    )
    .pluck()
  return (historyId) => statement.get(historyId)
}

const compareBackend = (
  database: Sqlite,
  { from, to }: { readonly from: Generation; readonly to: Generation },
  isAsked: (offer: Offer) => boolean,
): readonly Difference[] => {
  if (from.id === to.id) return []
  const changedIn = changeReader(database)
  const old = new Map(heldBackend(database, from).held.map((one) => [one.historyId, one]))
  return heldBackend(database, to).held.flatMap((now): readonly Difference[] => {
    const [before, after] = [present(old.get(now.historyId)), present(now)]
    const kind = kindOf(before, after)
    const offer = after ?? before
    if (kind === null || offer === null) return []
    // An offer that only now meets the price, or no longer does, is asked for all the same.
    if (![before, after].some((side) => side !== null && isAsked(side))) return []
    const beforeNanoUsd = before?.priceNanoUsd ?? null
    const afterNanoUsd = after?.priceNanoUsd ?? null
    const changedAt = printInstant((changedIn(now.historyId) ?? now.since) * 1000)
    return [{ kind, offer, beforeNanoUsd, afterNanoUsd, changedAt }]
  })
}

/** Of the offers that meet the requirements, before or now. */
export const differencesSince = (
  database: Sqlite,
  sinceSeconds: number,
  requirements: Requirements,
): Differences => {
  const constraints = lower(requirements)
  const then = new Map(lastGenerations(database, sinceSeconds).map((one) => [one.backend, one]))
  const first = new Map(firstGenerations(database).map((one) => [one.backend, one]))
  const later: { backend: string; since: string }[] = []
  const differences = lastGenerations(database).flatMap((to) => {
    const from = then.get(to.backend) ?? first.get(to.backend) ?? to
    if (!then.has(to.backend)) {
      later.push({ backend: to.backend, since: printInstant(from.recordedAt * 1000) })
    }
    return compareBackend(database, { from, to }, (offer) => matches(constraints, offer))
  })
  return { differences: differences.toSorted(byWeight), later }
}

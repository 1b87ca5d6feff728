/** Whether a live answer can be believed, beside what the catalog holds of the same. Pure. */
import type { Collected } from '#backends/kit/collect'
import type { Offer } from '#domain/offer'
import type { Bounds } from '#refresh/bounds'
import { enoughToCompare } from '#refresh/median'
import { doubts } from '#refresh/sanity'

/** What an answer would take away, and cannot mean to. */
const losses = (held: readonly Offer[], offers: readonly Offer[]): readonly string[] => {
  if (offers.length === 0 && held.length >= enoughToCompare) {
    return [`it tells of no offer, where the catalog holds ${held.length}`]
  }
  const isPriced = ({ priceNanoUsd }: Offer): boolean => priceNanoUsd !== null
  return offers.length > 0 && !offers.some(isPriced) && held.some(isPriced)
    ? ['it tells no price in dollars, where the catalog holds some']
    : []
}

/**
 * Sentences that say why not; empty where it can. The catalog may be old: hosts have come and gone,
 * and each price may have moved, but the prices as a whole are of the same size.
 */
export const liveDoubts = (
  { offers, malformed, pages }: Collected,
  held: readonly Offer[],
  bounds: Bounds,
): readonly string[] => {
  const rows = pages.reduce((sum, page) => sum + page.rows, 0)
  const candidate = { before: held, embedded: [], after: offers, rows, malformed }
  return [...doubts(candidate, { ...bounds, lost: 1, moved: 1 }), ...losses(held, offers)]
}

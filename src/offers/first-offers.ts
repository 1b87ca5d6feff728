/**
 * Best first, where any region will do: the summaries of variants alone tell which of them hold the
 * first K offers, so the offers of few are read. Cells are looked into in the order of their
 * cheapest offer; once K offers are known to stand up to a bound, the first cell that starts above
 * it ends the walk.
 */
import { outOfStock } from '#catalog/tables'
import type { OfferRow, VariantRow } from '#query/rows'
import type { PreparedStatements } from './prepared.ts'
import { type Request, visitList, visitValues } from './request.ts'
import { madeTogether, nextVisits } from './visits.ts'

/** The first `limit` offers in rank order; 0 gives all. */
export const firstOffers = (
  run: PreparedStatements,
  request: Request,
  limit: number,
): readonly OfferRow[] => {
  const { ids, bound } = firstVariants(run, request, limit)
  if (ids.length === 0) return []
  return run.offersOfVariants({
    ...request.values,
    variants: JSON.stringify(ids),
    bound: Math.min(bound, Number.MAX_SAFE_INTEGER),
    limit: limit || -1,
  })
}

interface FirstVariants {
  readonly ids: readonly number[]
  /** No offer above this standing is among the first. */
  readonly bound: number
}

/** Cells asked together, once there is a bound: few at first, since each may lower it. */
const firstWave = 4
const waveGrowth = 4

const firstVariants = (
  run: PreparedStatements,
  { values, visits }: Request,
  limit: number,
): FirstVariants => {
  const best = bestVariants(limit, values.priceMax)
  const ask = { ...values, limit: limit || -1 }
  let wave = firstWave
  for (let at = 0; ;) {
    const bound = best.bound()
    const unbounded = bound === Infinity
    const together = unbounded ? madeTogether(visits, at) : nextVisits(visits, at, wave, bound)
    const [alone] = together
    if (alone === undefined) break
    best.add(
      unbounded && together.length === 1
        ? run.variants({ ...ask, ...visitValues(alone) })
        : run.variantsOfCells({ ...ask, visits: visitList(together, bound) }),
    )
    at += together.length
    if (!unbounded) wave *= waveGrowth
  }
  return { ids: best.ids(), bound: best.bound() }
}

interface BestVariants {
  add(found: readonly VariantRow[]): void
  /** Infinity while fewer than K offers are known. */
  bound(): number
  ids(): readonly number[]
}

const bestVariants = (limit: number, priceMax: number): BestVariants => {
  let best: readonly VariantRow[] = []
  let bound = Infinity
  return {
    add: (found) => {
      best = best.concat(found)
      if (limit === 0) return
      best = best.toSorted(inOrder).slice(0, limit)
      bound = Math.min(bound, standingOfKth(best, limit, priceMax))
    },
    bound: () => bound,
    ids: () => best.filter(([, min]) => min <= bound).map(([id]) => id),
  }
}

const inOrder = (left: VariantRow, right: VariantRow): number =>
  left[1] - right[1] || left[0] - right[0]

/**
 * The K-th offer stands no higher than this: of each variant one offer stands at its minimum, and
 * all of them at its maximum, unless that is too dear. Infinity where that makes fewer than K.
 */
const standingOfKth = (
  variants: readonly VariantRow[],
  limit: number,
  priceMax: number,
): number => {
  const steps: { standing: number; offers: number }[] = []
  for (const [, min, max, offers] of variants) {
    steps.push({ standing: min, offers: 1 })
    if (max % outOfStock <= priceMax) steps.push({ standing: max, offers: offers - 1 })
  }
  steps.sort((left, right) => left.standing - right.standing)
  let sum = 0
  for (const { standing, offers } of steps) {
    sum += offers
    if (sum >= limit) return standing
  }
  return Infinity
}

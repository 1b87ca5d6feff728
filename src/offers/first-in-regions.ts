/**
 * Best first, where only some regions will do. A variant's summary says nothing of single regions,
 * so offers have to be read to find a bound: a standing up to which K of them are known to be. Then
 * the offers up to the bound are read, some cells at a time, lowest first, and lower it further.
 */
import type { OfferRow } from '#query/rows'
import type { PreparedStatements, RegionStatements } from './prepared.ts'
import { merged } from './ranked-offer.ts'
import { type Request, type RequestValues, visitList, visitValues } from './request.ts'
import { madeTogether, nextVisits, type Visit } from './visits.ts'

/** Cells read together at first: few, since they lower the bound for the rest. */
const firstWave = 2
const waveGrowth = 2

/** The cheapest variants' offers are not the cheapest: the K-th of twice as many is a nearer bound. */
const surplus = 2

/** The first `limit` offers in rank order; 0 gives all. */
export const firstInRegions = (
  run: PreparedStatements,
  request: Request,
  limit: number,
): readonly OfferRow[] => {
  const { values, visits, bounds } = request
  const statements = run.inRegions(bounds.regionIds?.length ?? 0)
  let bound = limit === 0 ? Infinity : boundOfKth(statements, request, limit)
  let best: readonly OfferRow[] = []
  let wave = bound === Infinity ? Infinity : firstWave
  for (let at = 0; ;) {
    const together = nextVisits(visits, at, wave, bound)
    if (together.length === 0) break
    const list = visitList(together, bound)
    const found = statements.offers({ ...values, visits: list, limit: limit || -1 })
    best = merged(best, found).slice(0, limit || undefined)
    if (best.length === limit) bound = Math.min(bound, best.at(-1)?.[1] ?? bound)
    at += together.length
    wave *= waveGrowth
  }
  return best
}

/** The K-th offer stands no higher. Infinity where fewer than K match. */
const boundOfKth = (
  statements: RegionStatements,
  { values, visits }: Request,
  limit: number,
): number => {
  const known: number[] = []
  for (let at = 0; ;) {
    const together = madeTogether(visits, at)
    if (together.length === 0) return Infinity
    at += together.length
    for (const standing of standingsOf(statements, values, together, limit * surplus)) {
      known.push(standing)
    }
    if (known.length >= limit) {
      return known.sort((left, right) => left - right)[limit - 1] ?? Infinity
    }
  }
}

const standingsOf = (
  statements: RegionStatements,
  values: RequestValues,
  visits: readonly Visit[],
  limit: number,
): readonly number[] => {
  const [alone] = visits
  if (alone && visits.length === 1) {
    return statements
      .standings({ ...values, ...visitValues(alone), limit })
      .map(([standing]) => standing)
  }
  const list = visitList(visits, Infinity)
  return statements.offers({ ...values, visits: list, limit }).map(([, standing]) => standing)
}

/** Offers for a run that is at work already: for a replica that comes late, or comes again. */
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { Run } from '#runs/rows'
import { backendsTooOld } from './fresh-prices.ts'
import { readRunRequest } from './run-request.ts'

/** So long the offers stand that were shown when the run was asked for. */
const standMs = 5 * 60 * 1000

/** Best first; throws where nothing can be launched at all. */
export type SearchAgain = (requirements: Requirements) => Promise<readonly Offer[]>

const fresh = (offers: readonly Offer[], nowMs: number): readonly Offer[] => {
  const tooOld = new Set(backendsTooOld(offers, nowMs))
  return offers.filter(({ backend }) => !tooOld.has(backend))
}

/**
 * As they were shown, for a few minutes; later as the catalog has them by then, without prices that
 * are too old to spend money at. What a plan fixes stays as it is.
 */
export const offersOf = async (
  run: Run,
  nowMs: number,
  search: SearchAgain | null,
): Promise<readonly Offer[]> => {
  const { offers, isFixed, allowStale, requirements } = readRunRequest(run.spec.request)
  if (isFixed || search === null || nowMs - run.submittedMs < standMs) return offers
  const found = await search(requirements)
  return allowStale ? found : fresh(found, nowMs)
}

/** Offers for a run that is at work already: for a replica that comes late, or comes again. */
import { BackendUnusableError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { Run } from '#runs/rows'
import { backendsTooOld } from './fresh-prices.ts'
import { readRunRequest } from './run-request.ts'

/** So long the offers stand that were shown when the run was asked for. */
const standMs = 5 * 60 * 1000

/** Best first. Throws BackendUnusableError where nothing can be launched at all. */
export type SearchAgain = (requirements: Requirements) => Promise<readonly Offer[]>

const fresh = (offers: readonly Offer[], nowMs: number): readonly Offer[] => {
  const tooOld = new Set(backendsTooOld(offers, nowMs))
  return offers.filter(({ backend }) => !tooOld.has(backend))
}

/** Nothing, where none of them can be used here any more: the replica fails, and says so. */
const searched = async (search: SearchAgain, requirements: Requirements) => {
  try {
    return await search(requirements)
  } catch (error) {
    if (error instanceof BackendUnusableError) return []
    throw error
  }
}

/**
 * As they were shown, for a few minutes; later as the catalog has them by then, without prices that
 * are too old to spend money at. Only backends that were shown: whoever said yes to this machine said
 * it to no cloud that the server happens to have credentials of. What a plan fixes stays as it is.
 */
export const offersOf = async (
  run: Run,
  nowMs: number,
  search: SearchAgain | null,
): Promise<readonly Offer[]> => {
  const { offers, isFixed, allowStale, requirements } = readRunRequest(run.spec.request)
  if (isFixed || search === null || nowMs - run.submittedMs < standMs) return offers
  const backends = [...new Set(offers.map(({ backend }) => backend))]
  const found = await searched(search, { ...requirements, backends })
  return allowStale ? found : fresh(found, nowMs)
}

/** Searches one catalog file: what a request asks, in the file's own terms, and its answer in ours. */
import type { Sqlite } from '#platform/sqlite'
import { type SearchBounds, toBounds } from '#query/bounds'
import type { Constraint } from '#query/constraint'
import { matches } from '#query/matches'
import type { OfferRow } from '#query/rows'
import { countOffers } from './count-offers.ts'
import { currentState, type FileState } from './file-state.ts'
import { firstInRegions } from './first-in-regions.ts'
import { firstOffers } from './first-offers.ts'
import { prepareStatements } from './prepared.ts'
import { instanceTypeIdOf, type RankedOffer, toRankedOffer } from './ranked-offer.ts'
import { cellPresence } from './region-cells.ts'
import { type Request, requestValues } from './request.ts'
import { visitsInRegions, visitsOf } from './visits.ts'

/** Answers from one state of the file, even while another process replaces a backend. */
export interface SearchableFile {
  /** The first `limit` offers in rank order; 0 gives all. */
  readonly first: (constraints: readonly Constraint[], limit: number) => readonly RankedOffer[]
  /** How many offers match. */
  readonly count: (constraints: readonly Constraint[]) => number
}

/** KiB of the file kept in memory, of what is read: in 64 MiB the busy parts of 10 million offers fit. */
const cacheKib = 65_536

export const searchableFile = (database: Sqlite): SearchableFile => {
  database.pragma(`cache_size = -${cacheKib}`)
  const run = prepareStatements(database)
  const current = currentState(database, run)

  /** A named instance type has few offers: all are read, and the predicate decides. */
  const named = (
    names: readonly string[],
    constraints: readonly Constraint[],
    state: FileState,
  ): readonly RankedOffer[] => {
    const rows = run.offersOfInstanceTypes({ instanceTypes: JSON.stringify(names) })
    return toRankedOffers(rows, state).filter(({ offer }) => matches(constraints, offer))
  }
  const first = database.transaction(
    (constraints: readonly Constraint[], limit: number): readonly RankedOffer[] => {
      const state = current()
      const bounds = toBounds(constraints, state.dictionaries)
      if (!bounds) return []
      if (bounds.instanceTypes) {
        return named(bounds.instanceTypes, constraints, state).slice(0, limit || undefined)
      }
      const find = bounds.regionIds ? firstInRegions : firstOffers
      return toRankedOffers(find(run, requestOf(state, bounds), limit), state)
    },
  )
  const count = database.transaction((constraints: readonly Constraint[]): number => {
    const state = current()
    const bounds = toBounds(constraints, state.dictionaries)
    if (!bounds) return 0
    if (bounds.instanceTypes) return named(bounds.instanceTypes, constraints, state).length
    return countOffers(run, requestOf(state, bounds))
  })
  return {
    first: (constraints, limit) => first(constraints, limit),
    count: (constraints) => count(constraints),
  }
}

const requestOf = ({ cells, cellsOfRegion }: FileState, bounds: SearchBounds): Request => {
  if (bounds.regionIds === null) {
    return { values: requestValues(bounds), visits: visitsOf(cells, bounds), bounds }
  }
  const regions = bounds.regionIds.map(cellsOfRegion)
  const presence = cellPresence(cells.length, regions, bounds.backendMask)
  // Who does not sell there need not be looked at.
  const there = { ...bounds, backendMask: presence.backendMask }
  return { values: requestValues(there), visits: visitsInRegions(cells, there, presence), bounds }
}

const toRankedOffers = (
  rows: readonly OfferRow[],
  { dictionaries, instanceTypes }: FileState,
): readonly RankedOffer[] => {
  const types = instanceTypes(new Set(rows.map(([variantId]) => instanceTypeIdOf(variantId))))
  return rows.flatMap((row) => {
    const type = types.get(instanceTypeIdOf(row[0]))
    return type ? [toRankedOffer(row, type, dictionaries)] : []
  })
}

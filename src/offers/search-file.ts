/**
 * Searches one catalog file, best first. Cells come in the order of their cheapest offer; each
 * gives its first K variants; once K are found, the K-th is a bound, and a cell that starts above
 * it ends the walk. So the work follows the answer's size, not the catalog's.
 */
import type { Sqlite } from '#platform/sqlite'
import { outOfStock, regionMaskBits } from '#catalog/tables'
import { type SearchBounds, toBounds } from '#query/bounds'
import type { Constraint } from '#query/constraint'
import { matches } from '#query/matches'
import type { OfferRow, StatementValues } from '#query/statements'
import { type CatalogDictionaries, readDictionaries } from './dictionaries.ts'
import { boxAdmitsAll, type CellRow } from './cell.ts'
import { prepareStatements, type PreparedStatements } from './prepared.ts'
import { type RankedOffer, toRankedOffer } from './ranked-offer.ts'

/** Answers from one state of the file, even while another process replaces a backend. */
export interface SearchableFile {
  /** The first `limit` offers in rank order; 0 gives all. */
  readonly first: (constraints: readonly Constraint[], limit: number) => readonly RankedOffer[]
  /** How many offers match. */
  readonly count: (constraints: readonly Constraint[]) => number
}

export const searchableFile = (database: Sqlite): SearchableFile => {
  const run = prepareStatements(database)
  let dictionaries = readDictionaries(database)
  let version = dataVersion(database)

  const refreshed = (): CatalogDictionaries => {
    const now = dataVersion(database)
    if (now !== version) dictionaries = readDictionaries(database)
    version = now
    return dictionaries
  }
  const first = database.transaction(
    (constraints: readonly Constraint[], limit: number): readonly RankedOffer[] => {
      const current = refreshed()
      const bounds = toBounds(constraints, current)
      if (!bounds) return []
      if (!bounds.instanceTypes) {
        return rowsOfCells(run, bounds, limit).map((row) => toRankedOffer(row, current))
      }
      const named = rowsOfInstanceTypes(run, bounds.instanceTypes)
      return matching(named, constraints, current).slice(0, limit || undefined)
    },
  )
  const count = database.transaction((constraints: readonly Constraint[]): number => {
    const current = refreshed()
    const bounds = toBounds(constraints, current)
    if (!bounds) return 0
    if (!bounds.instanceTypes) return countOfCells(run, bounds)
    return matching(rowsOfInstanceTypes(run, bounds.instanceTypes), constraints, current).length
  })
  return {
    first: (constraints, limit) => first(constraints, limit),
    count: (constraints) => count(constraints),
  }
}

const dataVersion = (database: Sqlite): number =>
  Number(database.pragma('data_version', { simple: true }))

/** A named instance type has few offers: all are read, and the predicate decides. */
const rowsOfInstanceTypes = (
  run: PreparedStatements,
  names: readonly string[],
): readonly OfferRow[] =>
  run.offersOfInstanceTypes({
    instanceTypes: JSON.stringify(names),
    bound: Number.MAX_SAFE_INTEGER,
    priceMax: Number.MAX_SAFE_INTEGER,
    limit: -1,
  })

const matching = (
  rows: readonly OfferRow[],
  constraints: readonly Constraint[],
  dictionaries: CatalogDictionaries,
): readonly RankedOffer[] =>
  rows
    .map((row) => toRankedOffer(row, dictionaries))
    .filter(({ offer }) => matches(constraints, offer))

const rowsOfCells = (
  run: PreparedStatements,
  bounds: SearchBounds,
  limit: number,
): readonly OfferRow[] => {
  const values = openValues(bounds)
  const { variants, bound } = firstVariants(run, bounds, values, limit)
  const read = bounds.regionIds ? run.offersInRegions : run.offers
  return read({
    ...values,
    variants: JSON.stringify(variants),
    bound,
    priceMax: bounds.priceMax,
    limit: limit || -1,
  })
}

/** The cells that may hold a match, in the order of their cheapest offer. */
const visitsOf = (
  run: PreparedStatements,
  bounds: SearchBounds,
  values: RequestValues,
): readonly Visit[] => {
  const cells = bounds.gpuCounts ? run.cellsOfGpus(values) : run.cells(values)
  return cells.map((cell) => visitOf(cell, bounds)).filter((visit) => visit !== null)
}

type RequestValues = Omit<StatementValues, 'cell' | 'bound' | 'cap' | 'limit' | 'variants'>

const openValues = (bounds: SearchBounds): RequestValues => ({
  priceMax: bounds.priceMax,
  cpuMin: bounds.cpuMilli.min,
  cpuMax: bounds.cpuMilli.max,
  memoryMin: bounds.memoryMib.min,
  memoryMax: bounds.memoryMib.max,
  diskMin: bounds.diskMib.min,
  diskMax: bounds.diskMib.max,
  gpuCountMin: 0,
  gpuCountMax: Number.MAX_SAFE_INTEGER,
  spotMin: bounds.spot.min,
  spotMax: bounds.spot.max,
  backendMask: bounds.backendMask,
  gpus: JSON.stringify([...(bounds.gpuCounts?.keys() ?? [])]),
  regions: JSON.stringify(bounds.regionIds ?? []),
  regionMask: [...new Set(bounds.regionIds?.map((id) => id % regionMaskBits))].reduce(
    (mask, bit) => mask + 2 ** bit,
    0,
  ),
  instanceTypes: '[]',
})

/** A cell worth a look, and what may come out of it. */
interface Visit {
  readonly cell: CellRow
  readonly values: { cell: number; cap: number; gpuCountMin: number; gpuCountMax: number }
}

const visitOf = (cell: CellRow, bounds: SearchBounds): Visit | null => {
  const counts = bounds.gpuCounts?.get(cell.gpu_id)
  const cap = bounds.priceMax + (cell.out_of_stock ? outOfStock : 0)
  if (cell.min_standing > cap) return null
  if (counts && (cell.max_gpu_count < counts.min || cell.min_gpu_count > counts.max)) return null
  return {
    cell,
    values: {
      cell: cell.id,
      cap,
      gpuCountMin: counts?.min ?? 0,
      gpuCountMax: counts?.max ?? Number.MAX_SAFE_INTEGER,
    },
  }
}

interface Candidate {
  readonly id: number
  readonly standing: number
}

const inOrder = (left: Candidate, right: Candidate): number =>
  left.standing - right.standing || left.id - right.id

const firstVariants = (
  run: PreparedStatements,
  bounds: SearchBounds,
  values: RequestValues,
  limit: number,
): { variants: readonly number[]; bound: number } => {
  const read = bounds.regionIds ? run.variantsInRegions : run.variants
  let best: Candidate[] = []
  let bound = Number.MAX_SAFE_INTEGER
  for (const { cell, values: visit } of visitsOf(run, bounds, values)) {
    // Strictly above: a tie with the K-th may still win by a later key.
    if (cell.min_standing > bound) break
    const found = read({
      ...values,
      ...visit,
      bound: Math.min(bound, visit.cap),
      limit: limit || -1,
    })
    if (found.length === 0) continue
    best = limit === 0 ? best.concat(found) : best.concat(found).sort(inOrder).slice(0, limit)
    if (limit > 0 && best.length === limit) bound = best.at(-1)?.standing ?? bound
  }
  return { variants: best.map(({ id }) => id), bound }
}

const countOfCells = (run: PreparedStatements, bounds: SearchBounds): number => {
  const values = openValues(bounds)
  const count = bounds.regionIds ? run.countInRegions : run.count
  let matched = 0
  for (const { cell, values: visit } of visitsOf(run, bounds, values)) {
    const whole = bounds.regionIds === null && boxAdmitsAll(cell, bounds, visit)
    matched += whole ? cell.offers : count({ ...values, ...visit, bound: visit.cap })
  }
  return matched
}

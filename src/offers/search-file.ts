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
import { readDictionaries } from './dictionaries.ts'
import { boxAdmitsAll, type CellRow } from './cell.ts'
import { prepareStatements, type PreparedStatements } from './prepared.ts'
import { type RankedOffer, toRankedOffer } from './ranked-offer.ts'

export interface FileSearch {
  readonly ranked: readonly RankedOffer[]
  readonly matched: number
}

export interface SearchableFile {
  /** The first `limit` offers in rank order (0: all), and how many match. */
  readonly search: (constraints: readonly Constraint[], limit: number) => FileSearch
}

const nothing: FileSearch = { ranked: [], matched: 0 }

/** Every search reads one state of the file, even while another process replaces a backend. */
export const searchableFile = (database: Sqlite): SearchableFile => {
  const run = prepareStatements(database)
  let dictionaries = readDictionaries(database)
  let version = dataVersion(database)

  const search = database.transaction(
    (constraints: readonly Constraint[], limit: number): FileSearch => {
      if (dataVersion(database) !== version) {
        dictionaries = readDictionaries(database)
        version = dataVersion(database)
      }
      const bounds = toBounds(constraints, dictionaries)
      if (!bounds) return nothing
      const rows = bounds.instanceTypes
        ? rowsOfInstanceTypes(run, bounds.instanceTypes)
        : rowsOfCells(run, bounds, limit)
      const ranked = rows.rows.map((row) => toRankedOffer(row, dictionaries))
      if (rows.matched !== null) return { ranked, matched: rows.matched }
      const matching = ranked.filter(({ offer }) => matches(constraints, offer))
      return { ranked: matching.slice(0, limit || undefined), matched: matching.length }
    },
  )
  return { search: (constraints, limit) => search(constraints, limit) }
}

const dataVersion = (database: Sqlite): number =>
  Number(database.pragma('data_version', { simple: true }))

interface FoundRows {
  readonly rows: readonly OfferRow[]
  /** Null: the rows are candidates, still to be tested. */
  readonly matched: number | null
}

/** A named instance type has few offers: all are read, and the predicate decides. */
const rowsOfInstanceTypes = (run: PreparedStatements, names: readonly string[]): FoundRows => ({
  rows: run.offersOfInstanceTypes({
    instanceTypes: JSON.stringify(names),
    bound: Number.MAX_SAFE_INTEGER,
    priceMax: Number.MAX_SAFE_INTEGER,
    limit: -1,
  }),
  matched: null,
})

const rowsOfCells = (run: PreparedStatements, bounds: SearchBounds, limit: number): FoundRows => {
  const values = openValues(bounds)
  const cells = bounds.gpuCounts ? run.cellsOfGpus(values) : run.cells(values)
  const visits = cells.map((cell) => visitOf(cell, bounds)).filter((visit) => visit !== null)
  const { variants, bound } = firstVariants(run, bounds, values, visits, limit)
  const read = bounds.regionIds ? run.offersInRegions : run.offers
  return {
    rows: read({
      ...values,
      variants: JSON.stringify(variants),
      bound,
      priceMax: bounds.priceMax,
      limit: limit || -1,
    }),
    matched: countMatching(run, bounds, values, visits),
  }
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
  visits: readonly Visit[],
  limit: number,
): { variants: readonly number[]; bound: number } => {
  const read = bounds.regionIds ? run.variantsInRegions : run.variants
  let best: Candidate[] = []
  let bound = Number.MAX_SAFE_INTEGER
  for (const { cell, values: visit } of visits) {
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

const countMatching = (
  run: PreparedStatements,
  bounds: SearchBounds,
  values: RequestValues,
  visits: readonly Visit[],
): number => {
  let matched = 0
  for (const { cell, values: visit } of visits) {
    const whole = bounds.regionIds === null && boxAdmitsAll(cell, bounds, visit)
    const count = bounds.regionIds ? run.countInRegions : run.count
    matched += whole ? cell.offers : count({ ...values, ...visit, bound: visit.cap })
  }
  return matched
}

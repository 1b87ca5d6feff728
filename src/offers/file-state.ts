/** What is kept of a file between requests, as long as nobody writes to it. */
import type { InstanceType } from '#domain/offer'
import type { Sqlite } from '#platform/sqlite'
import { type Cell, toCell } from './cell.ts'
import { type CatalogDictionaries, readDictionaries } from './dictionaries.ts'
import type { PreparedStatements } from './prepared.ts'
import { toInstanceType } from './ranked-offer.ts'
import { cellPlaces, regionCells, type RegionCells } from './region-cells.ts'

export interface FileState {
  readonly dictionaries: CatalogDictionaries
  /** In the order of their cheapest offer. */
  readonly cells: readonly Cell[]
  readonly cellsOfRegion: (id: number) => RegionCells
  /** By id. The same ones are the cheapest again and again. */
  readonly instanceTypes: (ids: ReadonlySet<number>) => ReadonlyMap<number, InstanceType>
}

/** Gives the state of the file as it is; to be asked inside the transaction that reads on. */
export const currentState = (database: Sqlite, run: PreparedStatements): (() => FileState) => {
  const dataVersion = database.prepare<[], number>('PRAGMA data_version').pluck()
  let state: FileState | null = null
  let version: number | undefined
  return () => {
    const now = dataVersion.get()
    if (state === null || now !== version) {
      state = readState(database, run)
      version = now
    }
    return state
  }
}

const readState = (database: Sqlite, run: PreparedStatements): FileState => {
  const cells = run.cells({}).map(toCell)
  const places = cellPlaces(cells)
  const dictionaries = readDictionaries(database)
  const regions = new Map<number, RegionCells>()
  return {
    dictionaries,
    cells,
    cellsOfRegion: (id) => {
      const found = regions.get(id) ?? regionCells(run.cellsOfRegion({ region: id }), places)
      regions.set(id, found)
      return found
    },
    instanceTypes: instanceTypeReader(run, dictionaries),
  }
}

/** So many instance types are kept, and then forgotten all at once. */
const mostKept = 10_000

const instanceTypeReader = (
  run: PreparedStatements,
  dictionaries: CatalogDictionaries,
): FileState['instanceTypes'] => {
  const kept = new Map<number, InstanceType>()
  return (ids) => {
    const missing = [...ids].filter((id) => !kept.has(id))
    if (missing.length === 0) return kept
    if (kept.size > mostKept) {
      kept.clear()
      missing.splice(0, missing.length, ...ids)
    }
    for (const row of run.instanceTypes({ instanceTypes: JSON.stringify(missing) })) {
      kept.set(row[0], toInstanceType(row, dictionaries))
    }
    return kept
  }
}

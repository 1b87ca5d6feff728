import type { ComputeCapability, Gpu, GpuVendor } from '#domain/gpu'
import type { Observation } from '#domain/offer'
import type { Sqlite } from '#platform/sqlite'
import type { Dictionaries } from '#query/bounds'
import { lazily } from './lazily.ts'

interface GpuRow {
  id: number
  name: string
  vendor: GpuVendor
  memory_mib: number
  capability: number | null
}

/** The small tables of a catalog file, read when first asked for. */
export interface CatalogDictionaries extends Dictionaries {
  backendName(id: number): string
  observation(id: number): Observation
}

/** Holds for one state of the file: make it anew when `data_version` changes. */
export const readDictionaries = (database: Sqlite): CatalogDictionaries => {
  const backends = new Map(
    database
      .prepare<[], [name: string, id: number]>('SELECT name, id FROM backend ORDER BY id')
      .raw()
      .all(),
  )
  const names = new Map([...backends].map(([name, id]) => [id, name]))
  const gpus = lazily(() => readGpus(database))
  const regions = lazily(() =>
    database
      .prepare<[string], number>(
        "SELECT id FROM region WHERE name = ? COLLATE NOCASE AND name <> ''",
      )
      .pluck(),
  )
  const observations = lazily(() =>
    database.prepare<[number], Observation>(
      'SELECT source, observed_at AS observedAt FROM observation WHERE id = ?',
    ),
  )
  const seen = new Map<number, Observation>()

  return {
    backends,
    get gpus() {
      return gpus()
    },
    regionIds: (name) => regions().all(name),
    backendName: (id) => names.get(id) ?? `#${id}`,
    observation: (id) => {
      const known = seen.get(id) ?? observations().get(id) ?? { source: '?', observedAt: '?' }
      seen.set(id, known)
      return known
    },
  }
}

const readGpus = (database: Sqlite): ReadonlyMap<number, Gpu | null> =>
  new Map(
    database
      .prepare<[], GpuRow>('SELECT * FROM gpu')
      .all()
      .map((row) => [row.id, row.id === 0 ? null : toGpu(row)]),
  )

const toGpu = ({ name, vendor, memory_mib, capability }: GpuRow): Gpu => ({
  name,
  vendor,
  memoryMib: memory_mib,
  computeCapability: capability === null ? null : toCapability(capability),
})

const toCapability = (encoded: number): ComputeCapability => [
  Math.floor(encoded / 1000),
  encoded % 1000,
]

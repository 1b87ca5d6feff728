import type { Sqlite } from '#platform/sqlite'
import { instanceTypesPerBackend, variantBits } from './tables.ts'

/** What a catalog holds of one backend. */
export interface BackendListing {
  readonly backend: string
  readonly regions: number
  readonly instanceTypes: number
  readonly offers: number
  readonly spotOffers: number
  /** Canonical names, sorted. */
  readonly gpuModels: readonly string[]
  /** One per source document, oldest first. */
  readonly sources: readonly {
    readonly source: string
    readonly observedAt: string
    readonly offers: number
  }[]
  /** What a reader should know of these offers, such as that spot prices are not among them. */
  readonly notes: readonly string[]
  /** sha256 over the canonical rows, in hex. */
  readonly digest: string
}

/** What a catalog holds in a line: cheap enough to say with every answer. */
export interface CatalogSummary {
  readonly digest: string
  readonly backends: number
  readonly offers: number
  /** The backend whose prices were seen longest ago, and when. Null for an empty catalog. */
  readonly oldest: { readonly backend: string; readonly observedAt: string } | null
}

/** What a catalog holds. */
export interface CatalogListing {
  /** `embedded`, or the path of the file. One per file that the catalog reads. */
  readonly files: readonly string[]
  /** sha256 over the digests of the backends, in hex: equal digests hold equal offers. */
  readonly digest: string
  readonly backends: readonly BackendListing[]
}

interface ListingRow {
  id: number
  backend: string
  notes: string
  digest: string
}

interface Counts {
  regions: number
  instanceTypes: number
  offers: number
  spotOffers: number
}

/** What one catalog file holds, backend by backend in their rank. Reads every offer: not for the hot path. */
export const listBackends = (database: Sqlite): readonly BackendListing[] =>
  database
    .prepare<[], ListingRow>('SELECT id, name AS backend, notes, digest FROM backend ORDER BY id')
    .all()
    .map(({ id, backend, notes, digest }) => ({
      backend,
      ...countsOf(database, id),
      gpuModels: gpuModelsOf(database, id),
      sources: sourcesOf(database, id),
      notes: readNotes(notes),
      digest,
    }))

const perBackend = instanceTypesPerBackend * variantBits.perInstanceType
const ofBackend = `variant_id >= @id * ${perBackend} AND variant_id < (@id + 1) * ${perBackend}`

const countsOf = (database: Sqlite, id: number): Counts =>
  database
    .prepare<{ id: number }, Counts>(
      `SELECT count(DISTINCT nullif(region_id, 0)) AS regions,
         count(DISTINCT variant_id / ${variantBits.perInstanceType}) AS instanceTypes,
         count(*) AS offers, coalesce(sum(variant_id & ${variantBits.spot}), 0) AS spotOffers
       FROM offer WHERE ${ofBackend}`,
    )
    .get({ id }) ?? { regions: 0, instanceTypes: 0, offers: 0, spotOffers: 0 }

const gpuModelsOf = (database: Sqlite, id: number): readonly string[] =>
  database
    .prepare<{ first: number; last: number }, string>(
      `SELECT DISTINCT gpu.name FROM instance_type JOIN gpu ON gpu.id = gpu_id
       WHERE instance_type.id >= @first AND instance_type.id < @last AND gpu_id > 0 ORDER BY gpu.name`,
    )
    .pluck()
    .all({ first: id * instanceTypesPerBackend, last: (id + 1) * instanceTypesPerBackend })

const sourcesOf = (database: Sqlite, id: number): BackendListing['sources'] =>
  database
    .prepare<{ id: number }, BackendListing['sources'][number]>(
      `SELECT source, observed_at AS observedAt, count(offer.observation_id) AS offers
       FROM observation LEFT JOIN offer ON offer.observation_id = observation.id AND ${ofBackend}
       WHERE backend_id = @id GROUP BY observation.id ORDER BY observed_at, source`,
    )
    .all({ id })

const readNotes = (json: string): readonly string[] => {
  const notes: unknown = JSON.parse(json)
  return Array.isArray(notes) ? notes.map(String) : []
}

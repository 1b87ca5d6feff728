/** A catalog to search: one file, or the embedded one and the user's as if they were one. */
import { guarded, openCatalogFile } from '#catalog/database'
import { catalogDigest } from '#catalog/digest'
import { type CatalogListing, type CatalogSummary, listBackends } from '#catalog/listing'
import { embeddedCatalogPath, userCatalogPath } from '#catalog/location'
import { assignBackends, type ShelvedBackend, shelvedBackends } from '#catalog/shelf'
import { CatalogMissingError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { type Environment, processEnvironment } from '#platform/environment'
import { systemFiles } from '#platform/files'
import type { Sqlite } from '#platform/sqlite'
import { lower } from '#query/lower'
import { compareRank } from './ranked-offer.ts'
import type { SearchResult } from './result.ts'
import { type SearchableFile, searchableFile } from './search-file.ts'

export interface Catalog {
  /**
   * The first `limit` offers that meet the requirements, in rank order; 0 gives all. Throws
   * `CatalogUnreadableError`, as the others do, when a file turns out to be damaged.
   */
  first(requirements: Requirements, limit: number): readonly Offer[]
  /** How many offers meet the requirements. */
  count(requirements: Requirements): number
  /** Both in one. */
  search(requirements: Requirements, options: { readonly limit: number }): SearchResult
  summary(): CatalogSummary
  listing(): CatalogListing
  /** Distinct names, sorted; for completion and for the nearest spelling. */
  regions(): readonly string[]
  gpuNames(): readonly string[]
  instanceTypes(): readonly string[]
  backends(): readonly string[]
  /**
   * What `read` makes of each file, given the requirements as far as they concern that file. For
   * answers that are no lists of offers, from rooms that know the tables.
   */
  readFiles<T>(requirements: Requirements, read: FileReader<T>): readonly T[]
  close(): void
}

type FileReader<T> = (database: Sqlite, requirements: Requirements) => T

export interface OpenOptions {
  /** This file alone. Without it: the embedded catalog and the user's, the newer per backend. */
  readonly path?: string | undefined
  /** Says where the user's catalog is; the process's own by default. */
  readonly environment?: Environment | undefined
}

/** Throws `CatalogMissingError`, `CatalogUnreadableError` or `CatalogNewerError`. */
export const openCatalog = ({
  path,
  environment = processEnvironment(),
}: OpenOptions = {}): Catalog => catalogOf(path === undefined ? defaultPaths(environment) : [path])

const defaultPaths = (environment: Environment): readonly string[] => {
  const embedded = embeddedCatalogPath()
  if (!systemFiles.exists(embedded)) {
    throw new CatalogMissingError(`the embedded catalog is not at "${embedded}"`, {
      hint: 'build it: npm run build',
    })
  }
  const user = userCatalogPath(environment)
  return systemFiles.exists(user) ? [embedded, user] : [embedded]
}

interface OpenFile {
  readonly path: string
  readonly database: Sqlite
  readonly searchable: SearchableFile
}

const catalogOf = (paths: readonly string[]): Catalog => {
  const files = paths.map((path): OpenFile => {
    const database = openCatalogFile(path)
    return { path, database, searchable: guarded(path, () => searchableFile(database)) }
  })
  const assigned = (): readonly (readonly ShelvedBackend[])[] =>
    assignBackends(
      files.map(({ path, database }) => guarded(path, () => shelvedBackends(database))),
    )
  const names = (sql: string): readonly string[] => {
    const all = files.flatMap(({ path, database }) =>
      guarded(path, () => database.prepare<[], string>(sql).pluck().all()),
    )
    return [...new Set(all)].sort()
  }
  const perFile = (requirements: Requirements): readonly Requirements[] =>
    files.length === 1 ? [requirements] : restrict(requirements, assigned())
  const first = (requirements: Requirements, limit: number): readonly Offer[] =>
    firstOfFiles(files, perFile(requirements), limit)
  const count = (requirements: Requirements): number => countOfFiles(files, perFile(requirements))

  return {
    first,
    count,
    search: (requirements, { limit }) => ({
      offers: first(requirements, limit),
      matched: count(requirements),
    }),
    summary: () => summarise(assigned().flat()),
    listing: () => list(files, assigned()),
    regions: () => names("SELECT name FROM region WHERE name <> ''"),
    gpuNames: () => names("SELECT name FROM gpu WHERE name <> ''"),
    instanceTypes: () => names('SELECT name FROM instance_type'),
    backends: () => names('SELECT name FROM backend'),
    readFiles: (requirements, read) => {
      const asked = perFile(requirements)
      return files.flatMap(({ path, database }, index) => {
        const own = asked[index]
        return own ? [guarded(path, () => read(database, own))] : []
      })
    },
    close: () => {
      for (const { database } of files) database.close()
    },
  }
}

/** Requirements per file: each answers for its own backends only. */
const restrict = (
  requirements: Requirements,
  assigned: readonly (readonly ShelvedBackend[])[],
): readonly Requirements[] =>
  assigned.map((backends) => {
    const owned = backends.map(({ name }) => name)
    const wanted = requirements.backends?.map((name) => name.toLowerCase())
    return { ...requirements, backends: owned.filter((name) => wanted?.includes(name) ?? true) }
  })

/** The first K of each file hold the first K of all. */
const firstOfFiles = (
  files: readonly OpenFile[],
  requirements: readonly Requirements[],
  limit: number,
): readonly Offer[] => {
  const ranked = files.flatMap(({ path, searchable }, index) => {
    const asked = requirements[index]
    return asked ? guarded(path, () => searchable.first(lower(asked), limit)) : []
  })
  if (files.length > 1) ranked.sort(compareRank)
  return ranked.slice(0, limit || undefined).map(({ offer }) => offer)
}

const countOfFiles = (files: readonly OpenFile[], requirements: readonly Requirements[]): number =>
  files.reduce((sum, { path, searchable }, index) => {
    const asked = requirements[index]
    return sum + (asked ? guarded(path, () => searchable.count(lower(asked))) : 0)
  }, 0)

const summarise = (backends: readonly ShelvedBackend[]): CatalogSummary => {
  const dated = backends.filter(({ oldest }) => oldest !== '')
  const oldest = dated.toSorted((left, right) => (left.oldest < right.oldest ? -1 : 1))[0]
  return {
    digest: catalogDigest(backends),
    backends: backends.length,
    offers: backends.reduce((sum, { offers }) => sum + offers, 0),
    oldest: oldest ? { backend: oldest.name, observedAt: oldest.oldest } : null,
  }
}

const list = (
  files: readonly OpenFile[],
  assigned: readonly (readonly ShelvedBackend[])[],
): CatalogListing => {
  const backends = files.flatMap(({ path, database }, index) => {
    const owned = new Set(assigned[index]?.map(({ name }) => name))
    const listed = guarded(path, () => listBackends(database))
    return listed.filter(({ backend }) => owned.has(backend))
  })
  return {
    files: files.map(({ path }) => path),
    digest: catalogDigest(assigned.flat()),
    backends,
  }
}

/** The user's catalog, as a refresh reads and replaces it. */
import { dirname } from 'node:path'
import { openCatalogFile, openWritableCatalogFile } from '#catalog/database'
import { replaceBackends, type BackendOffers } from '#catalog/replace'
import type { Offer } from '#domain/offer'
import { openCatalog } from '#offers/catalog'
import { CatalogUnreadableError, KnownError } from '#domain/errors'
import { isUnwritable, makeAside, prune } from '#platform/derived-files'
import { systemFiles } from '#platform/files'
import { shelvedBackends } from '#catalog/shelf'
import type { PriceRecord } from '#history/price-record'
import { sqliteCode, type Sqlite } from '#platform/sqlite'

const anyOf = (backend: string) => ({
  cpu: { min: null, max: null },
  memoryMib: { min: null, max: null },
  diskMib: null,
  gpu: null,
  spot: null,
  maxPriceNanoUsd: null,
  backends: [backend],
  regions: null,
  instanceTypes: null,
})

/** What the file holds of a backend; nothing where there is no file. */
export const heldOffers = (path: string, backend: string): readonly Offer[] => {
  if (!systemFiles.exists(path)) return []
  const catalog = openCatalog({ path })
  try {
    return catalog.first(anyOf(backend), 0)
  } finally {
    catalog.close()
  }
}

const copyTo = (path: string, aside: string): void => {
  const database = openCatalogFile(path)
  try {
    database.prepare('VACUUM INTO ?').run(aside)
  } finally {
    database.close()
  }
}

/** Names what keeps a file from being written: a disk that is full, read-only or not ours. */
export const orUnwritable = <T>(path: string, write: () => T): T => {
  try {
    return write()
  } catch (error) {
    if (error instanceof KnownError) throw error
    const code = sqliteCode(error) ?? (isUnwritable(error) ? 'no space or no permission' : null)
    if (code === null) throw error
    throw new CatalogUnreadableError(`"${path}" cannot be written (${code})`, {
      hint: 'check the space and the permissions of the folder; the catalog is as it was',
      cause: error,
    })
  }
}

const digestIn = (database: Sqlite, backend: string): string =>
  shelvedBackends(database).find(({ name }) => name === backend)?.digest ?? ''

/** Name and version of what has put a backend there; null where the file holds none. */
export const heldImporter = (path: string, backend: string): string | null => {
  if (!systemFiles.exists(path)) return null
  const database = openCatalogFile(path)
  try {
    const read = database.prepare<[string], string>('SELECT importer FROM backend WHERE name = ?')
    return read.pluck().get(backend) ?? null
  } finally {
    database.close()
  }
}

/** When the newest price of a backend was seen; null where the file holds none. */
export const heldSince = (path: string, backend: string): string | null => {
  if (!systemFiles.exists(path)) return null
  const database = openCatalogFile(path)
  try {
    return shelvedBackends(database).find(({ name }) => name === backend)?.newest || null
  } finally {
    database.close()
  }
}

/**
 * The file is made anew aside and put in place in one step: whoever has it open reads on in the old
 * one, and a kill at any point leaves the old one whole. Only one process may do this at a time.
 * The record learns of it before and after, so that no change is lost to a kill between.
 */
export const putBackends = (
  path: string,
  replacements: readonly BackendOffers[],
  record: PriceRecord,
): void => {
  record.settle()
  orUnwritable(path, () =>
    makeAside(path, (aside) => {
      if (systemFiles.exists(path)) copyTo(path, aside)
      const database = openWritableCatalogFile(aside)
      try {
        replaceBackends(database, replacements)
        for (const { backend } of replacements) record.begin(backend, digestIn(database, backend))
      } finally {
        database.close()
      }
    }),
  )
  for (const replacement of replacements) record.end(replacement)
  // What a killed refresh left. Its names begin like the catalog's own.
  prune(dirname(path), 'catalog.sqlite.', 1000)
}

export const putBackend = (path: string, replacement: BackendOffers, record: PriceRecord): void =>
  putBackends(path, [replacement], record)

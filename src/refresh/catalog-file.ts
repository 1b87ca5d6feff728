/** The user's catalog, as a refresh reads and replaces it. */
import { dirname } from 'node:path'
import { openCatalogFile, openWritableCatalogFile } from '#catalog/database'
import { replaceBackend, type BackendOffers } from '#catalog/replace'
import type { Offer } from '#domain/offer'
import { openCatalog } from '#offers/catalog'
import { CatalogUnreadableError, KnownError } from '#domain/errors'
import { isUnwritable, makeAside, prune } from '#platform/derived-files'
import { systemFiles } from '#platform/files'
import { sqliteCode } from '#platform/sqlite'

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

/**
 * The file is made anew aside and put in place in one step: whoever has it open reads on in the old
 * one, and a kill at any point leaves the old one whole. Only one process may do this at a time.
 */
export const putBackend = (path: string, replacement: BackendOffers): void => {
  orUnwritable(path, () =>
    makeAside(path, (aside) => {
      if (systemFiles.exists(path)) copyTo(path, aside)
      const database = openWritableCatalogFile(aside)
      try {
        replaceBackend(database, replacement)
      } finally {
        database.close()
      }
    }),
  )
  // What a killed refresh left. Its names begin like the catalog's own.
  prune(dirname(path), 'catalog.sqlite.', 1000)
}

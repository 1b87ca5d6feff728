/** Makes a catalog file from nothing: in memory, then packed aside, and then put in place. */
import { renameSync, rmSync } from 'node:fs'
import { openWritableCatalogFile } from './database.ts'
import { type BackendOffers, replaceBackends } from './replace.ts'

/**
 * Whoever reads the old file meanwhile reads it whole. Pages are filled to the brim and in order,
 * which insertions alone do not do. In memory it takes some 30 bytes an offer.
 */
export const makeCatalogFile = (path: string, backends: Iterable<BackendOffers>): void => {
  const aside = `${path}.new`
  rmSync(aside, { force: true })
  const database = openWritableCatalogFile(':memory:')
  try {
    replaceBackends(database, backends)
    database.prepare('VACUUM INTO ?').run(aside)
  } finally {
    database.close()
  }
  renameSync(aside, path)
}

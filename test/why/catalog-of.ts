/** A catalog of given offers in a file of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Offer } from '#domain/offer'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import { type Catalog, openCatalog } from '#offers/catalog'

export const withCatalog = <T>(offers: readonly Offer[], work: (catalog: Catalog) => T): T => {
  const directory = mkdtempSync(join(tmpdir(), 'why-'))
  const path = join(directory, 'catalog.sqlite')
  const database = openWritableCatalogFile(path)
  for (const backend of new Set(offers.map((offer) => offer.backend))) {
    const own = offers.filter((offer) => offer.backend === backend)
    replaceBackend(database, { backend, offers: own, notes: [`a note on ${backend}`] })
  }
  database.close()
  const catalog = openCatalog({ path, environment: {} })
  try {
    return work(catalog)
  } finally {
    catalog.close()
    rmSync(directory, { recursive: true })
  }
}

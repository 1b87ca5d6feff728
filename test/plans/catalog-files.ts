/** Catalog files for tests. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackends } from '#catalog/replace'
import type { Offer } from '#domain/offer'

export interface CatalogFile {
  readonly path: string
  readonly remove: () => void
}

/** A new catalog file of these offers; backends are imported in the order of their first offers. */
export const catalogFile = (offers: readonly Offer[]): CatalogFile => {
  const folder = mkdtempSync(join(tmpdir(), 'dstack-offers-plans-'))
  const path = join(folder, 'catalog.sqlite')
  fillCatalogFile(path, offers)
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Puts these offers in the place of those that their backends had. */
export const fillCatalogFile = (path: string, offers: readonly Offer[]): void => {
  const database = openWritableCatalogFile(path)
  database.pragma('synchronous = off')
  const backends = [...new Set(offers.map((offer) => offer.backend))]
  replaceBackends(
    database,
    backends.map((backend) => ({
      backend,
      offers: offers.filter((offer) => offer.backend === backend),
      notes: [],
    })),
  )
  database.close()
}

/** Whether a catalog is whole, and which data of a backend it holds. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect } from 'vitest'
import { openCatalogFile } from '#catalog/database'
import { catalogDigest } from '#catalog/digest'
import { replaceBackends } from '#catalog/replace'
import { shelvedBackends } from '#catalog/shelf'
import { openWritableCatalogFile } from '#catalog/database'
import { heldOffers } from '#refresh/catalog-file'

/** The digest of each backend, recomputed from its offers and compared with what the file says. */
export const wholeDigests = (home: string): ReadonlyMap<string, string> => {
  const path = join(home, 'catalog.sqlite')
  if (!existsSync(path)) return new Map()
  const raw = new Database(path, { readonly: true })
  expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
  expect(raw.pragma('foreign_key_check')).toEqual([])
  const said = raw.prepare('SELECT digest FROM summary').pluck().get()
  raw.close()
  const file = openCatalogFile(path)
  const backends = shelvedBackends(file)
  file.close()
  expect(said).toBe(catalogDigest(backends))
  const anew = openWritableCatalogFile(':memory:')
  try {
    replaceBackends(
      anew,
      backends.map(({ name }) => ({ backend: name, offers: heldOffers(path, name), notes: [] })),
    )
    const again = shelvedBackends(anew)
    for (const { name, digest, offers } of backends) {
      expect(again.find((one) => one.name === name)).toMatchObject({ digest, offers })
    }
  } finally {
    anew.close()
  }
  return new Map(backends.map(({ name, digest }) => [name, digest]))
}

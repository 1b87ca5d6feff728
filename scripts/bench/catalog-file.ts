/** Catalogs to measure: files of synthetic offers, made when absent, and the same offers in columns. */
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeCatalogFile } from '#catalog/fresh-file'
import { migrations } from '#catalog/migrations/all'
import type { BackendOffers } from '#catalog/replace'
import { type ColumnsReader, columnsReader, type OfferColumns } from './columns.ts'
import { type CatalogSize, syntheticCatalog } from './synthetic/catalog.ts'

export interface CatalogFile {
  readonly label: string
  readonly path: string
  readonly offers: number
  readonly bytesPerOffer: number
  /** Null where the file was there already. The time to generate the offers is left out. */
  readonly importedPerSecond: number | null
  readonly columns: OfferColumns
}

/** A file of another schema has another name, and is made anew. */
const pathOf = (directory: string, size: CatalogSize): string =>
  join(directory, `${size}-schema${migrations.length}.sqlite`)

/** The offers as they pass by on their way to the file, and how long it took to generate them. */
interface Watched {
  readonly backends: Generator<BackendOffers>
  readonly generating: () => number
}

const watched = (size: CatalogSize, reader: ColumnsReader): Watched => {
  let milliseconds = 0
  function* pass(): Generator<BackendOffers> {
    let start = performance.now()
    for (const backend of syntheticCatalog(size)) {
      reader.read(backend)
      milliseconds += performance.now() - start
      yield backend
      start = performance.now()
    }
  }
  return { backends: pass(), generating: () => milliseconds }
}

export const syntheticFile = (directory: string, size: CatalogSize): CatalogFile => {
  mkdirSync(directory, { recursive: true })
  const path = pathOf(directory, size)
  const reader = columnsReader()
  const { backends, generating } = watched(size, reader)
  const fresh = !existsSync(path)
  const start = performance.now()
  if (fresh) makeCatalogFile(path, backends)
  else for (const _ of backends) continue
  const importing = performance.now() - start - generating()
  const columns = reader.columns()
  return {
    label: size,
    path,
    offers: columns.size,
    bytesPerOffer: statSync(path).size / columns.size,
    importedPerSecond: fresh ? (columns.size / importing) * 1000 : null,
    columns,
  }
}

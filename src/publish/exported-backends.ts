/** A catalog's backends, one after another: all of them at once need not fit into memory. */
import type { BackendOffers } from '#catalog/replace'
import { ownBackends } from '#domain/backend'
import { ArgumentError } from '#domain/errors'
import type { Requirements } from '#domain/requirements'
import { nearest } from '#domain/spelling'
import type { Catalog } from '#offers/catalog'

export type SourceCatalog = Pick<Catalog, 'first' | 'readFiles'>

const anyOf = (backends: readonly string[] | null): Requirements => ({
  cpu: { min: null, max: null },
  memoryMib: { min: null, max: null },
  diskMib: null,
  gpu: null,
  spot: null,
  maxPriceNanoUsd: null,
  backends,
  regions: null,
  instanceTypes: null,
})

interface BackendRow {
  readonly name: string
  readonly notes: string
  readonly importer: string
}

/** Of several files, each gives those that it answers for. */
const rowsOf = (catalog: SourceCatalog): readonly BackendRow[] =>
  catalog
    .readFiles(anyOf(null), (database, { backends }) =>
      database
        .prepare<[], BackendRow>('SELECT name, notes, importer FROM backend')
        .all()
        .filter(({ name }) => backends?.includes(name) ?? true),
    )
    .flat()
    .sort((left, right) => (left.name < right.name ? -1 : 1))

const chosenFrom = (
  rows: readonly BackendRow[],
  backends: readonly string[] | null,
): readonly BackendRow[] => {
  for (const name of backends ?? []) {
    if (rows.some((row) => row.name === name)) continue
    const known = rows.map((row) => row.name)
    const near = nearest(name, known)
    throw new ArgumentError(`the catalog holds no backend "${name}"`, {
      hint: near === null ? `it holds ${known.join(', ')}` : `did you mean ${near}?`,
    })
  }
  // Names and prices of one's own machines are nobody else's, unless they are asked for by name.
  return rows.filter(({ name }) => backends?.includes(name) ?? !ownBackends.has(name))
}

const notesOf = (json: string): readonly string[] => {
  const notes: unknown = JSON.parse(json)
  return Array.isArray(notes) ? notes.map(String) : []
}

/** In the order of names. Throws ArgumentError for a backend that the catalog has not. */
export function* exportedBackends(
  catalog: SourceCatalog,
  backends: readonly string[] | null,
): Generator<BackendOffers> {
  for (const { name, notes, importer } of chosenFrom(rowsOf(catalog), backends)) {
    const offers = catalog.first(anyOf([name]), 0)
    yield { backend: name, offers, notes: notesOf(notes), importer }
  }
}

/** Offers as catalogs in memory, one file a list, as far as grouping reads them. */
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackends } from '#catalog/replace'
import type { Offer } from '#domain/offer'
import type { Catalog } from '#offers/catalog'
import { searchableFile } from '#offers/search-file'
import { lower } from '#query/lower'

export interface OpenedCatalog extends Pick<Catalog, 'readFiles' | 'first' | 'count'> {
  close(): void
}

const backendsOf = (offers: readonly Offer[]): readonly string[] => [
  ...new Set(offers.map(({ backend }) => backend)),
]

/** Each backend must be in one list only. `first` and `count` ask the first file. */
export const catalogOf = (...lists: readonly (readonly Offer[])[]): OpenedCatalog => {
  const files = lists.map((offers) => {
    const database = openWritableCatalogFile(':memory:')
    replaceBackends(
      database,
      backendsOf(offers).map((backend) => ({
        backend,
        offers: offers.filter((offer) => offer.backend === backend),
        notes: [],
      })),
    )
    return database
  })
  const searches = files.map(searchableFile)
  return {
    readFiles: (requirements, read) => files.map((database) => read(database, requirements)),
    first: (requirements, limit) =>
      (searches[0]?.first(lower(requirements), limit) ?? []).map(({ offer }) => offer),
    count: (requirements) => searches[0]?.count(lower(requirements)) ?? 0,
    close: () => {
      for (const database of files) database.close()
    },
  }
}

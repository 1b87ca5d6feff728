/** Searching catalogs. */
export { openCatalog, type Catalog, type OpenOptions } from '#offers/catalog'
export type { SearchResult } from '#offers/result'
export type { BackendListing, CatalogListing, CatalogSummary } from '#catalog/listing'

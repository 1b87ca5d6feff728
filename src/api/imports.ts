/** Catalogs of others, into the user's. */
export { importCatalog, type ImportOptions, type ImportReport } from '#imports/import-catalog'
export { printArgument } from '#imports/print-argument'

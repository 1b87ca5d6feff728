/** Catalogs that one machine publishes and others pull. */
export { exportCatalog, type ExportOptions } from '#publish/export'
export { exportDocument, printExportReport, printPullReport, pullDocument } from '#publish/print'
export { pullCatalog, type PullOptions } from '#publish/pull'
export type { ExportReport, PullReport } from '#publish/report'
export { defaultKeyFile, findSigner, makeKeyFile } from '#publish/signing-key'
export { sourceAddress } from '#publish/source'

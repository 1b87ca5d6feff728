/** Bringing current prices into the user's catalog. */
export { backends } from '#backends/registry'
export type { Backend } from '#backends/kit/importer'
export { acceptQuarantined, type KeptAside, lookAtQuarantined } from '#refresh/accept'
export { listBounds, marketBounds, type Bounds } from '#refresh/bounds'
export {
  printBackendReport,
  printKeptAside,
  printRefreshReport,
  refreshDocument,
} from '#refresh/print'
export { refresh, type RefreshOptions } from '#refresh/refresh'
export { loadSettings, type RefreshSettings, withEndpoints } from '#refresh/settings'
export {
  outcomeOf,
  type BackendReport,
  type RefreshOutcome,
  type RefreshReport,
} from '#refresh/report'

/** How prices went: kept since the first refresh, compared, queried, pruned. */
export { catalogAsOf, type AsOfCatalog, type AsOfOptions } from '#history/as-of'
export {
  differenceKinds,
  differencesSince,
  type Difference,
  type DifferenceKind,
  type Differences,
} from '#history/differences'
export {
  differenceColumns,
  differenceDocument,
  seriesColumns,
  seriesDocument,
  seriesRows,
} from '#history/documents'
export { historyPlaces, type HistoryPlaces } from '#history/location'
export { parseSince, printMoment } from '#history/moment'
export { withHistory, withWritableHistory } from '#history/open'
export { pruneHistory, type Pruned } from '#history/prune'
export { queryPrices, type QueryAnswer, type QueryOptions, type QueryValue } from '#history/query'
export {
  priceSeries,
  recordedIds,
  type FoundSeries,
  type PricePoint,
  type PriceSeries,
} from '#history/series'
export { showsUnicode, sparkline, type SparklineOptions } from '#history/sparkline'
export { views, type View } from '#history/views'

/** Current offers of markets for one answer. */
export { withLiveOffers, type LiveCatalog, type LiveOptions } from '#live/live'
export type { LiveReport, LiveState } from '#live/ask'

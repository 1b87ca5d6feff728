/** What offers cost in full, in the order of a key, within a budget. */
export { type Budget, type BudgetPeriod, type Fit, parseBudget } from '#cost/budget'
export type { BillingRule } from '#cost/billing-rules'
export type { DiskRate } from '#cost/disk-rates'
export type { Risk } from '#cost/expected'
export { type BandOf, type KnownBands, knownBands, noBands } from '#cost/interruption'
export type { InterruptionBand } from '#domain/interruption'
export { type NanoUsd, printNanoUsd } from '#cost/money'
export { type RankBy, type RankKey, rankings, roundKey } from '#cost/rank-key'
export {
  type CostedOffer,
  type RankedCatalog,
  type Ranking,
  rankOffers,
  type RankOptions,
} from '#cost/rank'
export type { Reference } from '#cost/reference'
export {
  askedDiskMib,
  type CostQuestion,
  type DiskCost,
  type ReplicaCounts,
  type Spending,
  type TotalCost,
  totalCost,
} from '#cost/total'
export { parseDuration } from '#configuration/duration'

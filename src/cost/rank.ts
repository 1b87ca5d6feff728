/**
 * Offers in the order of a key. The order is total: in stock first, then offers that have the key,
 * by key, then the documented order of offers (price, backend, instance type, on-demand before
 * spot, region).
 */
import type { Catalog } from '#offers/catalog'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { unknownPrice } from '#catalog/tables'
import { type Budget, dearestHour, type Fit, fitOf } from './budget.ts'
import { expectedPrice, type Risk, riskOf } from './expected.ts'
import type { BandOf } from './interruption.ts'
import type { NanoUsd } from './money.ts'
import { compareKeys, type RankBy, type RankKey, rankKey } from './rank-key.ts'
import { type CostQuestion, type TotalCost, totalCost } from './total.ts'

export interface RankOptions {
  readonly by: RankBy
  /** 0 gives all. */
  readonly limit: number
  readonly question: CostQuestion
  readonly bandOf: BandOf
  /** The day the bands were seen; null or absent where it is not known. */
  readonly bandsSeenOn?: string | null
  /** Only offers of which at least one replica fits. */
  readonly budget: Budget | null
}

export interface CostedOffer {
  readonly offer: Offer
  /** Null where the offer lacks what the order goes by. */
  readonly key: RankKey | null
  readonly total: TotalCost
  readonly risk: Risk
  readonly expected: NanoUsd | null
  /** Null without a budget. */
  readonly fit: Fit | null
}

export interface Ranking {
  readonly by: RankBy
  readonly question: CostQuestion
  readonly budget: Budget | null
  readonly offers: readonly CostedOffer[]
  /** The day the bands of interruption were seen, as YYYY-MM-DD; null where none are known. */
  readonly bandsSeenOn: string | null
  /** How many offers meet the requirements, and the budget where there is one. */
  readonly matched: number
  /** How many of them lack the key, and stand last. */
  readonly lacking: number
  /** How many meet the requirements, but not the budget: too dear, or of unknown price. */
  readonly beyondBudget: number
}

/** What ranking needs of a catalog. */
export type RankedCatalog = Pick<Catalog, 'first' | 'count'>

/** The first offers by a key. By price the catalog's own search answers; else all matches are read. */
export const rankOffers = (
  catalog: RankedCatalog,
  requirements: Requirements,
  options: RankOptions,
): Ranking =>
  options.by === 'price' && options.budget === null
    ? firstByPrice(catalog, requirements, options)
    : firstOfAll(catalog, requirements, options)

const firstByPrice = (
  catalog: RankedCatalog,
  requirements: Requirements,
  options: RankOptions,
): Ranking => {
  const matched = catalog.count(requirements)
  return {
    ...asked(options),
    offers: catalog.first(requirements, options.limit).map((offer) => costOf(offer, options)),
    matched,
    lacking: matched - catalog.count(ofKnownPrice(requirements)),
    beyondBudget: 0,
  }
}

const firstOfAll = (
  catalog: RankedCatalog,
  requirements: Requirements,
  options: RankOptions,
): Ranking => {
  const { budget, limit } = options
  const read = catalog.first(affordable(requirements, budget), 0)
  const fitting = budget === null ? read : read.filter((offer) => fits(offer, budget, options))
  const keyed = fitting.map((offer) => ({ offer, key: rankKey(offer, options) }))
  // The offers stand in the documented order already; sorting keeps it between equal keys.
  keyed.sort(byStockAndKey)
  return {
    ...asked(options),
    offers: keyed.slice(0, limit || undefined).map(({ offer }) => costOf(offer, options)),
    matched: fitting.length,
    lacking: keyed.filter(({ key }) => key === null).length,
    beyondBudget: budget === null ? 0 : catalog.count(requirements) - fitting.length,
  }
}

const fits = (offer: Offer, budget: Budget, { question }: RankOptions): boolean =>
  (fitOf(budget, totalCost(offer, question))?.replicas ?? 0) > 0

const asked = ({ by, question, budget, bandsSeenOn = null }: RankOptions) => ({
  by,
  question,
  budget,
  bandsSeenOn,
})

const costOf = (offer: Offer, options: RankOptions): CostedOffer => {
  const { question, bandOf, budget } = options
  const total = totalCost(offer, question)
  const risk = riskOf(offer, bandOf)
  return {
    offer,
    key: rankKey(offer, options),
    total,
    risk,
    expected: expectedPrice(offer, risk, question.durationSeconds),
    fit: budget && fitOf(budget, total),
  }
}

interface Keyed {
  readonly offer: Offer
  readonly key: RankKey | null
}

const byStockAndKey = (left: Keyed, right: Keyed): number =>
  Number(left.offer.stock === 'none') - Number(right.offer.stock === 'none') ||
  Number(left.key === null) - Number(right.key === null) ||
  (left.key === null || right.key === null ? 0 : compareKeys(left.key, right.key))

const capped = (requirements: Requirements, priceNanoUsd: number): Requirements => ({
  ...requirements,
  maxPriceNanoUsd: Math.min(requirements.maxPriceNanoUsd ?? Infinity, priceNanoUsd),
})

/** A price limit admits known prices only. */
const ofKnownPrice = (requirements: Requirements): Requirements =>
  capped(requirements, unknownPrice - 1)

const affordable = (requirements: Requirements, budget: Budget | null): Requirements =>
  budget === null ? requirements : capped(requirements, dearestHour(budget))

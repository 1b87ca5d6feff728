/** How the prices of offers went. */
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { printInstant } from '#platform/http-time'
import type { Sqlite } from '#platform/sqlite'
import { stockLevels } from '#catalog/tables'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { lastGenerations } from './generations.ts'
import { type HeldOffer, heldBackend } from './held.ts'

export interface PricePoint {
  /** RFC 3339, UTC. */
  readonly at: string
  /** Null where it was unknown, or the offer gone. */
  readonly priceNanoUsd: number | null
  readonly stock: Offer['stock'] | null
  readonly gone: boolean
}

export interface PriceSeries {
  /** As it is now; as it last was where it is gone. */
  readonly offer: Offer
  readonly gone: boolean
  /** Oldest first; at least one. */
  readonly points: readonly PricePoint[]
}

interface Row {
  at: number
  price: number | null
  stock: number | null
}

const toPoint = ({ at, price, stock }: Row): PricePoint => ({
  at: printInstant(at * 1000),
  priceNanoUsd: stock === null ? null : price,
  stock: stock === null ? null : (stockLevels[stock] ?? 'unknown'),
  gone: stock === null,
})

const pointsReader = (database: Sqlite): ((historyId: number) => readonly PricePoint[]) => {
  const statement = database.prepare<[number], Row>(
    `SELECT recorded_at AS at, price, stock FROM change
     JOIN generation ON generation.id = generation
     WHERE offer_id = ? ORDER BY generation`,
  )
  return (historyId) => statement.all(historyId).map(toPoint)
}

const byPrice = (left: HeldOffer, right: HeldOffer): number =>
  Number(left.gone) - Number(right.gone) ||
  (left.offer.priceNanoUsd ?? Number.MAX_SAFE_INTEGER) -
    (right.offer.priceNanoUsd ?? Number.MAX_SAFE_INTEGER) ||
  (left.offer.id < right.offer.id ? -1 : 1)

export interface SeriesAsked {
  /** What a price is asked of, by the offer as it is now or last was. */
  readonly requirements: Requirements
  /** This offer alone. */
  readonly offerId: string | null
  /** 0 gives all. */
  readonly limit: number
}

export interface FoundSeries {
  /** The cheapest first, those that are gone last. */
  readonly series: readonly PriceSeries[]
  /** How many offers match, shown or not. */
  readonly matched: number
}

export const priceSeries = (
  database: Sqlite,
  { requirements, offerId, limit }: SeriesAsked,
): FoundSeries => {
  const constraints = lower(requirements)
  const isAsked = ({ offer }: HeldOffer): boolean =>
    (offerId === null || offer.id === offerId) && matches(constraints, offer)
  const found = lastGenerations(database)
    .filter(({ backend }) => offerId === null || offerId.startsWith(`${backend}/`))
    .flatMap((generation) => heldBackend(database, generation).held.filter(isAsked))
    .toSorted(byPrice)
  const pointsOf = pointsReader(database)
  const series = found.slice(0, limit || undefined).map(({ offer, historyId, gone }) => ({
    offer,
    gone,
    points: pointsOf(historyId),
  }))
  return { series, matched: found.length }
}

/** For the nearest spelling of an id that is not there. */
export const recordedIds = (database: Sqlite): readonly string[] =>
  lastGenerations(database).flatMap((generation) =>
    heldBackend(database, generation).held.map(({ offer }) => offer.id),
  )

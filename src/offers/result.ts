import type { Offer } from '#domain/offer'

/** The answer to a search. */
export interface SearchResult {
  /** In rank order: available before out of stock, then price, then documented tie-breakers. */
  readonly offers: readonly Offer[]
  /** How many offers match, shown or not. */
  readonly matched: number
}

/** Whether an offer that no catalog holds meets requirements: the same rules as a search. */
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { lower } from '#query/lower'
import { matches } from '#query/matches'

export const matcherOf = (requirements: Requirements): ((offer: Offer) => boolean) => {
  const constraints = lower(requirements)
  return (offer) => matches(constraints, offer)
}

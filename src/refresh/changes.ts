import type { Offer } from '#domain/offer'
import { machineText } from '#catalog/digest'
import type { Changes } from './report.ts'

const byId = (offers: readonly Offer[]): ReadonlyMap<string, Offer> =>
  new Map(offers.map((offer) => [offer.id, offer]))

export const changesOf = (before: readonly Offer[], after: readonly Offer[]): Changes => {
  const old = byId(before)
  const fresh = byId(after)
  const priced = after.filter(({ id, priceNanoUsd }) => {
    const previous = old.get(id)
    return previous !== undefined && previous.priceNanoUsd !== priceNanoUsd
  })
  return {
    added: after.filter(({ id }) => !old.has(id)).length,
    removed: before.filter(({ id }) => !fresh.has(id)).length,
    priced: priced.length,
  }
}

/** Whether two lists are the same but for where and when they were seen. */
export const sameOffers = (before: readonly Offer[], after: readonly Offer[]): boolean => {
  if (before.length !== after.length) return false
  const old = byId(before)
  return after.every((offer) => {
    const previous = old.get(offer.id)
    return (
      previous !== undefined &&
      previous.priceNanoUsd === offer.priceNanoUsd &&
      previous.stock === offer.stock &&
      machineText(previous.instanceType) === machineText(offer.instanceType)
    )
  })
}

import type { Offer } from '#domain/offer'
import { machineText } from '#catalog/digest'
import type { Changes } from './report.ts'

const byId = (offers: readonly Offer[]): ReadonlyMap<string, Offer> =>
  new Map(offers.map((offer) => [offer.id, offer]))

/** An offer that is new, gone, or at another price. */
export interface Difference {
  readonly id: string
  /** Null where it was not there. */
  readonly before: Offer | null
  /** Null where it is gone. */
  readonly after: Offer | null
}

export const differencesOf = (
  before: readonly Offer[],
  after: readonly Offer[],
): readonly Difference[] => {
  const old = byId(before)
  const fresh = byId(after)
  const gone = before.filter(({ id }) => !fresh.has(id))
  return [
    ...gone.map((offer) => ({ id: offer.id, before: offer, after: null })),
    ...after
      .map((offer) => ({ id: offer.id, before: old.get(offer.id) ?? null, after: offer }))
      .filter((one) => one.before?.priceNanoUsd !== one.after.priceNanoUsd),
  ]
}

export const changesOf = (before: readonly Offer[], after: readonly Offer[]): Changes => {
  const differences = differencesOf(before, after)
  const added = differences.filter((one) => one.before === null).length
  const removed = differences.filter((one) => one.after === null).length
  return { added, removed, priced: differences.length - added - removed }
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

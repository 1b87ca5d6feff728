/** Offers gathered by machine, and checked: the form in which a catalog takes them. */
import { ownBackends } from '#domain/backend'
import { ImportRejectedError } from '#domain/errors'
import type { InstanceType, Offer } from '#domain/offer'
import { machineText } from './digest.ts'
import { unknownPrice } from './tables.ts'

/** An instance type and its offers, in the order of (region, on-demand before spot). */
export interface Machine {
  readonly type: InstanceType
  readonly offers: readonly Offer[]
}

/**
 * In the order of names. Throws `ImportRejectedError` when an offer belongs to another backend, two
 * share an identity, a price is no whole number of nano-USD above zero (0 counts for machines of
 * one's own), or one name stands for two different machines.
 */
export const machinesOf = (backend: string, offers: readonly Offer[]): readonly Machine[] => {
  const machines = new Map<string, { type: InstanceType; offers: Offer[] }>()
  let last: { type: InstanceType; offers: Offer[] } | undefined
  for (const offer of offers) {
    refuseInvalid(backend, offer)
    const { instanceType } = offer
    // Offers of a machine mostly follow each other and share one object; only others are compared.
    if (last?.type === instanceType) {
      last.offers.push(offer)
      continue
    }
    last = machines.get(instanceType.name)
    if (!last) {
      last = { type: instanceType, offers: [offer] }
      machines.set(instanceType.name, last)
      continue
    }
    if (last.type !== instanceType && machineText(last.type) !== machineText(instanceType)) {
      throw rejected(offer, `"${instanceType.name}" names two different machines`)
    }
    last.offers.push(offer)
  }
  for (const { offers: own } of machines.values()) orderAndRefuseTwins(own)
  return [...machines.values()].sort((left, right) => byText(left.type.name, right.type.name))
}

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

const byPlace = (left: Offer, right: Offer): number =>
  byText(left.region ?? '', right.region ?? '') || Number(left.spot) - Number(right.spot)

const orderAndRefuseTwins = (offers: Offer[]): void => {
  offers.sort(byPlace)
  let previous: Offer | undefined
  for (const offer of offers) {
    if (previous && byPlace(previous, offer) === 0) throw rejected(offer, 'is there twice')
    previous = offer
  }
}

const rejected = (offer: Offer, why: string): ImportRejectedError =>
  new ImportRejectedError(`offer "${offer.id}": ${why}`)

const refuseInvalid = (backend: string, offer: Offer): void => {
  const { priceNanoUsd: price, region, instanceType } = offer
  if (offer.backend !== backend) {
    throw rejected(offer, `belongs to "${offer.backend}", not to "${backend}"`)
  }
  const least = ownBackends.has(backend) ? 0 : 1
  if (price !== null && !(Number.isInteger(price) && price >= least && price < unknownPrice)) {
    throw rejected(offer, `price ${price} is no whole number of nano-USD above zero`)
  }
  if (region === '') throw rejected(offer, 'has an empty region; one not known is null')
  const { gpu, gpuCount, cpus, memoryMib } = instanceType
  if ((gpu === null) !== (gpuCount === 0)) {
    throw rejected(offer, 'has accelerators of no model, or none of one')
  }
  if (!(cpus > 0 && memoryMib > 0)) throw rejected(offer, 'has no vCPU or no memory')
}

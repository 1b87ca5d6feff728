/** Offers gathered by machine, and checked: the form in which a catalog takes them. */
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
 * share an identity, a price is no whole number of nano-USD above zero, or one name stands for two
 * different machines.
 */
export const machinesOf = (backend: string, offers: readonly Offer[]): readonly Machine[] => {
  const machines = new Map<string, { type: InstanceType; offers: Offer[] }>()
  for (const offer of offers) {
    refuseInvalid(backend, offer)
    const { instanceType } = offer
    const known = machines.get(instanceType.name)
    if (!known) {
      machines.set(instanceType.name, { type: instanceType, offers: [offer] })
      continue
    }
    // Offers of a machine mostly share one object; only others have to be compared.
    if (known.type !== instanceType && machineText(known.type) !== machineText(instanceType)) {
      throw rejected(offer, `"${instanceType.name}" names two different machines`)
    }
    known.offers.push(offer)
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
  if (price !== null && !(Number.isInteger(price) && price > 0 && price < unknownPrice)) {
    throw rejected(offer, `price ${price} is no whole number of nano-USD above zero`)
  }
  if (region === '') throw rejected(offer, 'has an empty region; one not known is null')
  const { gpu, gpuCount, cpus, memoryMib } = instanceType
  if ((gpu === null) !== (gpuCount === 0)) {
    throw rejected(offer, 'has accelerators of no model, or none of one')
  }
  if (!(cpus > 0 && memoryMib > 0)) throw rejected(offer, 'has no vCPU or no memory')
}

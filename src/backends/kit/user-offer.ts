/** Offers of machines that nobody sells, at the price that their user says. */
import { type InstanceType, type Offer, offerId } from '#domain/offer'
import type { CloudIo } from './cloud-io.ts'

export interface OwnMachine {
  readonly backend: string
  readonly region: string
  readonly instanceType: InstanceType
  readonly priceNanoUsd: number
  /** Where its figures come from. */
  readonly source: string
}

export const ownOffer = (io: CloudIo, machine: OwnMachine): Offer => {
  const { backend, region, instanceType, priceNanoUsd, source } = machine
  return {
    id: offerId(backend, region, instanceType.name, false),
    backend,
    region,
    instanceType,
    spot: false,
    priceNanoUsd,
    stock: 'unknown',
    observation: { source, observedAt: io.instant() },
  }
}

import type { Gpu } from '#domain/gpu'
import { offerId, type InstanceType, type Offer } from '#domain/offer'

/** 2026-01-15T12:00:00Z. */
export const noonMs = 1_768_478_400_000

export const anA100: Gpu = {
  name: 'A100',
  vendor: 'nvidia',
  memoryMib: 80 * 1024,
  computeCapability: [8, 0],
}

const anInstanceType = (given: Partial<InstanceType> = {}): InstanceType => ({
  name: 'm5.xlarge',
  cpus: 4,
  memoryMib: 16 * 1024,
  gpu: null,
  gpuCount: given.gpu ? 1 : 0,
  diskMib: null,
  architecture: 'x86_64',
  ...given,
})

interface OfferGiven extends Partial<Omit<Offer, 'id' | 'instanceType'>> {
  readonly instanceType?: Partial<InstanceType>
  readonly observedAt?: string
}

export const anOffer = ({ instanceType, observedAt, ...given }: OfferGiven = {}): Offer => {
  const offer = {
    backend: 'aws',
    region: 'us-east-1',
    spot: false,
    priceNanoUsd: 192_000_000,
    stock: 'unknown' as const,
    observation: {
      source: 'price list of the cloud',
      observedAt: observedAt ?? '2026-01-15T09:00:00Z',
    },
    ...given,
    instanceType: anInstanceType(instanceType),
  }
  return { id: offerId(offer.backend, offer.region, offer.instanceType.name, offer.spot), ...offer }
}

/** Values for tests, so that a test names only what it is about. */
import type { Gpu } from '#domain/gpu'
import { type InstanceType, type Offer, offerId } from '#domain/offer'
import type { Requirements } from '#domain/requirements'

export const aGpu = (over: Partial<Gpu> = {}): Gpu => ({
  name: 'A100',
  vendor: 'nvidia',
  memoryMib: 80 * 1024,
  computeCapability: [8, 0],
  ...over,
})

export const anInstanceType = (over: Partial<InstanceType> = {}): InstanceType => ({
  name: 'm5.large',
  cpus: 2,
  memoryMib: 8 * 1024,
  gpu: null,
  gpuCount: over.gpu ? 1 : 0,
  diskMib: null,
  architecture: 'x86_64',
  ...over,
})

export const anOffer = (over: Partial<Omit<Offer, 'id'>> = {}): Offer => {
  const offer = {
    backend: 'aws',
    region: 'us-east-1',
    instanceType: anInstanceType(),
    spot: false,
    priceNanoUsd: 96_000_000,
    stock: 'unknown',
    observation: { source: 'a price list', observedAt: '2026-07-20T00:00:00Z' },
    ...over,
  } as const
  return {
    id: offerId(offer.backend, offer.region, offer.instanceType.name, offer.spot),
    ...offer,
  }
}

/** Requirements that ask nothing. */
export const someRequirements = (over: Partial<Requirements> = {}): Requirements => ({
  cpu: { min: null, max: null },
  memoryMib: { min: null, max: null },
  diskMib: null,
  gpu: null,
  spot: null,
  maxPriceNanoUsd: null,
  backends: null,
  regions: null,
  instanceTypes: null,
  ...over,
})

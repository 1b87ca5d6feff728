/** The answer as a document, the same for JSON and YAML. Money is a decimal string. */
import type { Json } from '#domain/json'
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import type { Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import type { OffersAnswer } from '#cli/answer'

/** A minor step adds keys, which readers ignore; a major step breaks. */
export const formatVersion = '1.0'

const price = (nanoUsd: number | null): Json => ({
  amount: nanoUsd === null ? null : printUsd(nanoUsd),
  currency: 'USD',
  per: 'instance_hour',
})

const gpuOf = ({ instanceType: { gpu, gpuCount } }: Offer): Json =>
  gpu === null
    ? null
    : { name: gpu.name, vendor: gpu.vendor, count: gpuCount, memory_mib: gpu.memoryMib }

/** One offer; `rank` counts from 1. */
export const toOfferDocument = (offer: Offer, rank: number) =>
  ({
    rank,
    id: offer.id,
    backend: offer.backend,
    region: offer.region,
    zone: null,
    instance_type: offer.instanceType.name,
    cpus: offer.instanceType.cpus,
    memory_mib: offer.instanceType.memoryMib,
    gpu: gpuOf(offer),
    disk_mib: offer.instanceType.diskMib,
    spot: offer.spot,
    price: price(offer.priceNanoUsd),
    availability: offer.stock,
    source: offer.observation.source,
    observed_at: offer.observation.observedAt,
  }) satisfies Json

const range = (value: Range | null): Json =>
  value === null ? null : { min: value.min, max: value.max }

const toGpuDocument = (gpu: GpuRequirement): Json => ({
  names: gpu.names,
  vendors: gpu.vendors,
  count: range(gpu.count),
  memory_mib: range(gpu.memoryMib),
  total_memory_mib: range(gpu.totalMemoryMib),
  compute_capability: gpu.computeCapability === null ? null : gpu.computeCapability.join('.'),
})

export const toRequirementsDocument = (requirements: Requirements): Json => ({
  cpus: range(requirements.cpu),
  memory_mib: range(requirements.memoryMib),
  disk_mib: range(requirements.diskMib),
  gpu: requirements.gpu === null ? null : toGpuDocument(requirements.gpu),
  spot: requirements.spot,
  max_price: requirements.maxPriceNanoUsd === null ? null : price(requirements.maxPriceNanoUsd),
  backends: requirements.backends,
  regions: requirements.regions,
  instance_types: requirements.instanceTypes,
})

export const toOffersDocument = (answer: OffersAnswer, subject: Json) =>
  ({
    format_version: formatVersion,
    kind: 'offers',
    configuration: subject,
    requirements: toRequirementsDocument(answer.requirements),
    catalog: {
      digest: answer.catalog.digest,
      backends: answer.catalog.backends,
      offers: answer.catalog.offers,
      oldest:
        answer.catalog.oldest === null
          ? null
          : {
              backend: answer.catalog.oldest.backend,
              observed_at: answer.catalog.oldest.observedAt,
            },
    },
    counts: {
      matched: answer.matched,
      shown: answer.offers.length,
      hidden: answer.matched - answer.offers.length,
    },
    offers: answer.offers.map((offer, index) => toOfferDocument(offer, index + 1)),
  }) satisfies Json

import type { Json } from '#domain/json'
import type { ComparedGpu, ComparedSide, Comparison, RequirementField } from '#api/groups'
import { formatVersion, toOfferDocument, toRequirementsDocument } from './document.ts'
import type { Mark } from './overlay-key.ts'
import { toGpuModelDocument, toPriceRangeDocument } from './group-document.ts'

/** The keys of a requirements document. */
const fieldNames: Record<RequirementField, string> = {
  cpu: 'cpus',
  memoryMib: 'memory_mib',
  diskMib: 'disk_mib',
  gpu: 'gpu',
  spot: 'spot',
  maxPriceNanoUsd: 'max_price',
  backends: 'backends',
  regions: 'regions',
  instanceTypes: 'instance_types',
}

const toSideDocument = (
  { label, requirements, matched, cheapest, totals }: ComparedSide,
  mark: Mark,
): Json => ({
  label,
  requirements: toRequirementsDocument(requirements),
  counts: { matched, available: totals.available, unknown_prices: totals.unknownPrices },
  price: toPriceRangeDocument(totals.price, 'instance_hour'),
  price_per_gpu: toPriceRangeDocument(totals.perGpu, 'gpu_hour'),
  offers: cheapest.map((offer, index) => ({
    ...toOfferDocument(offer, index + 1),
    ...mark(offer),
  })),
})

const toGpuRow = ({ gpu, sides }: ComparedGpu): Json => ({
  gpu: toGpuModelDocument(gpu),
  sides: sides.map((group) =>
    group === null
      ? null
      : {
          offers: group.offers,
          price: toPriceRangeDocument(group.price, 'instance_hour'),
          price_per_gpu: toPriceRangeDocument(group.perGpu, 'gpu_hour'),
        },
  ),
})

/** Lists of sides are in the order of `sides`. */
export const toComparisonDocument = (
  comparison: Comparison,
  catalogDigest: string,
  mark: Mark = () => ({}),
) =>
  ({
    format_version: formatVersion,
    kind: 'comparison',
    catalog: { digest: catalogDigest },
    differing: comparison.differing.map((field) => fieldNames[field]),
    sides: comparison.sides.map((side) => toSideDocument(side, mark)),
    gpus: comparison.gpus.map(toGpuRow),
    common_offer: comparison.common && {
      ...toOfferDocument(comparison.common, 1),
      ...mark(comparison.common),
    },
  }) satisfies Json

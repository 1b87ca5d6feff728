import type { Json } from '#domain/json'
import { type Group, type Groups, groupKeys, type PriceRange } from '#api/groups'
import type { Gpu } from '#domain/gpu'
import { printUsd } from '#domain/price'
import type { Requirements } from '#domain/requirements'
import { formatVersion, toRequirementsDocument } from './document.ts'

/** A model of accelerator, as every document of groups writes it. */
export const toGpuModelDocument = (gpu: Gpu | null): Json =>
  gpu === null ? null : { name: gpu.name, vendor: gpu.vendor, memory_mib: gpu.memoryMib }

/** Null where no price is known. Money is a decimal string. */
export const toPriceRangeDocument = (
  range: PriceRange | null,
  per: 'instance_hour' | 'gpu_hour' | 'gpu_gb_hour',
): Json =>
  range === null
    ? null
    : { min: printUsd(range.min), max: printUsd(range.max), currency: 'USD', per }

/** Of what is in stock, where anything is. A null amount is an unknown price. */
const fromDocument = ({ gpu, backends }: Group): Json => {
  const from = backends[0]?.fromNanoUsd ?? null
  return {
    amount: from === null ? null : printUsd(from),
    currency: 'USD',
    per: gpu === null ? 'instance_hour' : 'gpu_hour',
  }
}

/** One group; `rank` counts from 1. `backend` and `region` are null unless the grouping names them. */
const toGroupDocument = (group: Group, rank: number, { grouping }: Groups) => {
  const backends = group.backends.map(({ name }) => name)
  return {
    rank,
    gpu: toGpuModelDocument(group.gpu),
    count: group.gpu === null ? null : { ...group.gpuCount },
    backend: grouping.backend ? (backends[0] ?? null) : null,
    backends: grouping.backend ? null : backends,
    region: grouping.region ? (group.regions?.[0] ?? null) : null,
    regions: grouping.region ? null : group.regions,
    spot: [...(group.spot ? ['spot'] : []), ...(group.onDemand ? ['on-demand'] : [])],
    offers: group.offers,
    available: group.available,
    unknown_prices: group.unknownPrices,
    from: fromDocument(group),
    price: toPriceRangeDocument(group.price, 'instance_hour'),
    price_per_gpu: toPriceRangeDocument(group.perGpu, 'gpu_hour'),
    price_per_gpu_gb: toPriceRangeDocument(group.perMemoryGb, 'gpu_gb_hour'),
    first_offer: group.first.id,
  } satisfies Json
}

export const toGroupsDocument = (
  groups: Groups,
  requirements: Requirements,
  catalogDigest: string,
) =>
  ({
    format_version: formatVersion,
    kind: 'groups',
    requirements: toRequirementsDocument(requirements),
    catalog: { digest: catalogDigest },
    group_by: groupKeys(groups.grouping),
    counts: {
      groups: groups.groups.length,
      matched: groups.groups.reduce((sum, { offers }) => sum + offers, 0),
    },
    groups: groups.groups.map((group, index) => toGroupDocument(group, index + 1, groups)),
  }) satisfies Json

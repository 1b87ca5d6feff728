import type { Gpu, GpuVendor } from '#domain/gpu'
import { type GpuModel, gpuModels } from '#domain/gpu-models'
import { anything, atLeast } from '#domain/range'
import type { Requirements } from '#domain/requirements'
import type { Catalog } from '#offers/catalog'
import type { Group } from './group.ts'
import { groupOffers } from './group-offers.ts'
import { byGpu } from './grouping.ts'
import { byText } from './order.ts'

/** A model of accelerator, and who sells it. */
export interface ListedGpu {
  readonly gpu: Gpu
  /** Null for a model that only a catalog knows, such as a slice of a card. */
  readonly kind: GpuModel['kind'] | null
  readonly offers: number
  /** The cheapest per accelerator first, after those with something in stock. Empty: nobody. */
  readonly backends: readonly string[]
  /** Null: nobody sells it so. */
  readonly onDemand: SoldFrom | null
  readonly spot: SoldFrom | null
}

export interface SoldFrom {
  readonly offers: number
  /**
   * The least price per accelerator-hour in nano-USD, of what is in stock where anything is; null
   * for unknown.
   */
  readonly fromNanoUsd: number | null
}

const withGpu: Requirements = {
  cpu: anything,
  memoryMib: anything,
  diskMib: null,
  gpu: {
    names: null,
    vendors: null,
    count: atLeast(1),
    memoryMib: null,
    totalMemoryMib: null,
    computeCapability: null,
  },
  spot: null,
  maxPriceNanoUsd: null,
  backends: null,
  regions: null,
  instanceTypes: null,
}

const keyOf = ({ name, memoryMib, vendor }: Gpu): string => `${vendor}/${name}/${memoryMib}`

type SoldGroups = ReadonlyMap<string, Group & { readonly gpu: Gpu }>

const soldGroups = (catalog: Pick<Catalog, 'readFiles'>, spot: boolean | null): SoldGroups => {
  const { groups } = groupOffers(catalog, { ...withGpu, spot }, byGpu)
  return new Map(
    groups.flatMap(({ gpu, ...group }) =>
      gpu === null ? [] : [[keyOf(gpu), { ...group, gpu }] as const],
    ),
  )
}

const soldFrom = (group: Group | undefined): SoldFrom | null =>
  group === undefined
    ? null
    : { offers: group.offers, fromNanoUsd: group.backends[0]?.fromNanoUsd ?? null }

const vendorsInOrder: readonly GpuVendor[] = [...new Set(gpuModels.map(({ vendor }) => vendor))]

const inOrder = ({ gpu: left }: ListedGpu, { gpu: right }: ListedGpu): number =>
  vendorsInOrder.indexOf(left.vendor) - vendorsInOrder.indexOf(right.vendor) ||
  byText(left.vendor, right.vendor) ||
  byText(left.name, right.name) ||
  left.memoryMib - right.memoryMib

/**
 * Every model that this program or the catalog knows, whether anyone sells it or not: by maker, then
 * name, then memory.
 */
export const listGpus = (catalog: Pick<Catalog, 'readFiles'>): readonly ListedGpu[] => {
  const all = soldGroups(catalog, null)
  const onDemand = soldGroups(catalog, false)
  const spot = soldGroups(catalog, true)
  const kinds = new Map(gpuModels.map((model) => [keyOf(model), model.kind]))
  const models = new Map([...gpuModels, ...[...all.values()].map(({ gpu }) => gpu)].map(keyed))
  return [...models]
    .map(([key, { name, vendor, memoryMib, computeCapability }]): ListedGpu => {
      const group = all.get(key)
      return {
        gpu: { name, vendor, memoryMib, computeCapability },
        kind: kinds.get(key) ?? null,
        offers: group?.offers ?? 0,
        backends: group?.backends.map((backend) => backend.name) ?? [],
        onDemand: soldFrom(onDemand.get(key)),
        spot: soldFrom(spot.get(key)),
      }
    })
    .toSorted(inOrder)
}

const keyed = (gpu: Gpu): readonly [string, Gpu] => [keyOf(gpu), gpu]

/** Joins the groups of several catalog files, which answer for different backends. */
import type { Group } from './group.ts'
import type { Grouping } from './grouping.ts'
import { compareFirst, sortBackends, sortRegions } from './order.ts'
import { joinRanges } from './unit-price.ts'

const keyOf = (group: Group, { backend, count, region }: Grouping): string =>
  JSON.stringify([
    group.gpu && [group.gpu.name, group.gpu.memoryMib, group.gpu.vendor],
    count ? group.gpuCount.min : null,
    backend ? group.backends[0]?.name : null,
    region ? group.regions?.[0] : null,
  ])

const join = (left: Group, right: Group): Group => ({
  gpu: left.gpu,
  gpuCount: {
    min: Math.min(left.gpuCount.min, right.gpuCount.min),
    max: Math.max(left.gpuCount.max, right.gpuCount.max),
  },
  backends: sortBackends([...left.backends, ...right.backends]),
  regions: left.regions && sortRegions([...left.regions, ...(right.regions ?? [])]),
  spot: left.spot || right.spot,
  onDemand: left.onDemand || right.onDemand,
  offers: left.offers + right.offers,
  available: left.available + right.available,
  unknownPrices: left.unknownPrices + right.unknownPrices,
  price: joinRanges(left.price, right.price),
  perGpu: joinRanges(left.perGpu, right.perGpu),
  perMemoryGb: joinRanges(left.perMemoryGb, right.perMemoryGb),
  first: compareFirst(left.first, right.first) <= 0 ? left.first : right.first,
})

/** One group a key. A key of one file stays as it is. */
export const mergeGroups = (groups: readonly Group[], grouping: Grouping): readonly Group[] => {
  const merged = new Map<string, Group>()
  for (const group of groups) {
    const key = keyOf(group, grouping)
    const known = merged.get(key)
    merged.set(key, known === undefined ? group : join(known, group))
  }
  return [...merged.values()]
}

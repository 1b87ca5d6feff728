/** The cheapest offer that will do for several requests at once. */
import type { Offer } from '#domain/offer'
import type { Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import type { Catalog } from '#offers/catalog'
import { lower } from '#query/lower'
import { matches } from '#query/matches'

const least = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.min(left, right)

const most = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.max(left, right)

const bothRanges = (left: Range, right: Range): Range => ({
  min: most(left.min, right.min),
  max: least(left.max, right.max),
})

const bothLists = (
  left: readonly string[] | null,
  right: readonly string[] | null,
): readonly string[] | null => {
  if (left === null || right === null) return left ?? right
  const also = new Set(right.map((name) => name.toLowerCase()))
  return left.filter((name) => also.has(name.toLowerCase()))
}

/**
 * One of the two, with the counts of both: whatever meets both meets it. The rest of the other is
 * left to `matches`, since no single requirement says two.
 */
const eitherGpu = (
  left: GpuRequirement | null,
  right: GpuRequirement | null,
): GpuRequirement | null => {
  if (left === null || right === null) return left ?? right
  return { ...left, count: bothRanges(left.count, right.count) }
}

/** Requirements that every offer that meets both meets; null where none can. */
const narrowed = (left: Requirements, right: Requirements): Requirements | null => {
  if (left.spot !== null && right.spot !== null && left.spot !== right.spot) return null
  return {
    cpu: bothRanges(left.cpu, right.cpu),
    memoryMib: bothRanges(left.memoryMib, right.memoryMib),
    diskMib:
      left.diskMib && right.diskMib
        ? bothRanges(left.diskMib, right.diskMib)
        : (left.diskMib ?? right.diskMib),
    gpu: eitherGpu(left.gpu, right.gpu),
    spot: left.spot ?? right.spot,
    maxPriceNanoUsd: least(left.maxPriceNanoUsd, right.maxPriceNanoUsd),
    backends: bothLists(left.backends, right.backends),
    regions: bothLists(left.regions, right.regions),
    instanceTypes: bothLists(left.instanceTypes, right.instanceTypes),
  }
}

/** How many of the narrowed offers are looked at in turn; 0 is all. */
const looks = [20, 1000, 0] as const

/** The first in rank order of the offers that meet all of the requirements. */
export const firstCommonOffer = (
  catalog: Pick<Catalog, 'first'>,
  all: readonly Requirements[],
): Offer | null => {
  const [one, ...others] = all
  if (one === undefined) return null
  const asked = others.reduce<Requirements | null>(
    (narrow, other) => narrow && narrowed(narrow, other),
    one,
  )
  if (asked === null) return null
  const constraints = all.flatMap(lower)
  for (const limit of looks) {
    const offers = catalog.first(asked, limit)
    const found = offers.find((offer) => matches(constraints, offer))
    if (found !== undefined) return found
    if (offers.length < limit) return null
  }
  return null
}

/** The total orders of groups and of what stands in them. */
import { backendNames } from '#domain/backend'
import type { Group, PriceRange, RankedId, SellingBackend } from './group.ts'

export const byText = (left: string, right: string): number =>
  left < right ? -1 : left > right ? 1 : 0

/** Unknown comes last. */
const byNumber = (left: number | null, right: number | null): number => {
  if (left === null || right === null) return Number(left === null) - Number(right === null)
  return left - right
}

const byRange = (left: PriceRange | null, right: PriceRange | null): number =>
  byNumber(left?.min ?? null, right?.min ?? null) || byNumber(left?.max ?? null, right?.max ?? null)

const rankOf = (backend: string): number => {
  const listed = (backendNames as readonly string[]).indexOf(backend)
  return listed < 0 ? backendNames.length : listed
}

/** What it can be had for: see `SellingBackend`. */
const fromOf = ({ backends }: Group): number | null => backends[0]?.fromNanoUsd ?? null

/**
 * Groups with something in stock first; accelerators before machines without; then the least price
 * per accelerator of what is in stock, unknown last; then the least and the greatest of all, per
 * accelerator and per machine; then the keys: name and memory of the accelerator, maker, count,
 * backend, region. Total, since no two groups have equal keys.
 */
export const compareGroups = (left: Group, right: Group): number =>
  Number(left.available === 0) - Number(right.available === 0) ||
  Number(left.gpu === null) - Number(right.gpu === null) ||
  byNumber(fromOf(left), fromOf(right)) ||
  byRange(left.perGpu, right.perGpu) ||
  byRange(left.price, right.price) ||
  byText(left.gpu?.name ?? '', right.gpu?.name ?? '') ||
  (left.gpu?.memoryMib ?? 0) - (right.gpu?.memoryMib ?? 0) ||
  byText(left.gpu?.vendor ?? '', right.gpu?.vendor ?? '') ||
  left.gpuCount.min - right.gpuCount.min ||
  byBackend(left.backends[0]?.name ?? '', right.backends[0]?.name ?? '') ||
  byText(left.regions?.[0] ?? '', right.regions?.[0] ?? '')

const byBackend = (left: string, right: string): number =>
  rankOf(left) - rankOf(right) || byText(left, right)

/** With something in stock first, then the cheapest, then as among offers. */
export const sortBackends = (backends: readonly SellingBackend[]): readonly SellingBackend[] =>
  backends.toSorted(
    (left, right) =>
      Number(right.available) - Number(left.available) ||
      byNumber(left.fromNanoUsd, right.fromNanoUsd) ||
      left.rank - right.rank ||
      byText(left.name, right.name),
  )

/** Names in order, each once; the unknown region last. */
export const sortRegions = (regions: readonly (string | null)[]): readonly (string | null)[] => [
  ...[...new Set(regions.filter((region) => region !== null))].sort(byText),
  ...(regions.includes(null) ? [null] : []),
]

/** The order of offers, for offers of different catalog files. */
export const compareFirst = (left: RankedId, right: RankedId): number =>
  left.standing - right.standing ||
  left.backendRank - right.backendRank ||
  byText(left.instanceType, right.instanceType) ||
  Number(left.spot) - Number(right.spot) ||
  byText(left.region ?? '', right.region ?? '')

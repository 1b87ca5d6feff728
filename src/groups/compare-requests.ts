import type { Gpu } from '#domain/gpu'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { Catalog } from '#offers/catalog'
import type { SearchResult } from '#offers/result'
import { firstCommonOffer } from './common-offer.ts'
import { differingFields, type RequirementField } from './differing-fields.ts'
import type { Group, Groups } from './group.ts'
import { groupOffers, type GroupTotals, totalsOf } from './group-offers.ts'
import { byGpu } from './grouping.ts'
import { compareGroups } from './order.ts'

/** A request by the name of whoever asked: a file. */
export interface LabelledRequirements {
  readonly label: string
  readonly requirements: Requirements
}

/** A request and its answer. */
export interface AnsweredRequest extends LabelledRequirements {
  readonly result: SearchResult
  /** All that matches, by accelerator. */
  readonly groups: Groups
}

export interface ComparedSide extends LabelledRequirements {
  readonly matched: number
  /** The first in rank order. */
  readonly cheapest: readonly Offer[]
  readonly totals: GroupTotals
}

/** One accelerator on every side; null where it does not match. */
export interface ComparedGpu {
  readonly gpu: Gpu | null
  readonly sides: readonly (Group | null)[]
}

export interface Comparison {
  /** In the order they were asked in. */
  readonly sides: readonly ComparedSide[]
  /** What not all sides ask alike. */
  readonly differing: readonly RequirementField[]
  /** In the order of groups, each by its best side. */
  readonly gpus: readonly ComparedGpu[]
  /** The first in rank order of the offers that match on every side. */
  readonly common: Offer | null
}

const keyOf = (gpu: Gpu | null): string =>
  gpu === null ? '' : `${gpu.vendor}/${gpu.name}/${gpu.memoryMib}`

const compareGpus = (requests: readonly AnsweredRequest[]): readonly ComparedGpu[] => {
  const inOrder = requests.flatMap(({ groups }) => groups.groups).toSorted(compareGroups)
  const gpus = new Map<string, Gpu | null>()
  for (const { gpu } of inOrder) if (!gpus.has(keyOf(gpu))) gpus.set(keyOf(gpu), gpu)
  const sides = requests.map(
    ({ groups }) => new Map(groups.groups.map((group) => [keyOf(group.gpu), group])),
  )
  return [...gpus].map(([key, gpu]) => ({ gpu, sides: sides.map((side) => side.get(key) ?? null) }))
}

/** Requests side by side. */
export const compare = (
  requests: readonly AnsweredRequest[],
  common: Offer | null,
): Comparison => ({
  sides: requests.map(({ label, requirements, result, groups }) => ({
    label,
    requirements,
    matched: result.matched,
    cheapest: result.offers,
    totals: totalsOf(groups),
  })),
  differing: differingFields(requests.map(({ requirements }) => requirements)),
  gpus: compareGpus(requests),
  common,
})

/** Answers each request with its first `limit` offers, and compares. */
export const compareRequests = (
  catalog: Pick<Catalog, 'readFiles' | 'first' | 'search'>,
  requests: readonly LabelledRequirements[],
  limit: number,
): Comparison => {
  const answered = requests.map((request) => ({
    ...request,
    result: catalog.search(request.requirements, { limit }),
    groups: groupOffers(catalog, request.requirements, byGpu),
  }))
  const common = firstCommonOffer(
    catalog,
    requests.map(({ requirements }) => requirements),
  )
  return compare(answered, common)
}

/**
 * The summaries of a backend's offers, gathered while the offers pass by: of each variant, and of
 * each cell in each region. Numbers are kept in fields and typed arrays: millions of offers pass.
 */
import type { InstanceType } from '#domain/offer'
import type { RowInserter, Value } from './insert-rows.ts'
import { cellGroup } from './cell-group.ts'
import { regionMaskBits, variantBits } from './tables.ts'

export interface BackendSummaries {
  /** One machine; its offers follow, in key order. */
  machine(type: InstanceType, gpuId: number): void
  offer(variantId: number, regionId: number, standing: number): void
  end(variants: RowInserter, cellRegions: RowInserter): void
}

export const backendSummaries = (backendId: number): BackendSummaries => {
  const variants: VariantSummary[] = []
  const cells = new Map<number, RegionSummaries>()
  let machine: { readonly type: InstanceType; readonly group: number } | null = null
  let variant: VariantSummary | null = null
  let regions = regionSummaries()

  const startVariant = (id: number): VariantSummary => {
    if (machine === null) throw new TypeError('an offer came before its machine')
    const lowBits = id % variantBits.perInstanceType
    const cellId = machine.group * variantBits.perInstanceType + lowBits
    regions = cells.get(cellId) ?? regionSummaries()
    cells.set(cellId, regions)
    const started = emptySummary(cellId, id, machine.type)
    variants.push(started)
    return started
  }
  return {
    machine: (type, gpuId) => {
      machine = { type, group: cellGroup(type, gpuId) }
    },
    offer: (variantId, regionId, standing) => {
      if (variant === null || variant.id !== variantId) variant = startVariant(variantId)
      addOffer(variant, regionId, standing)
      regions.add(regionId, standing)
    },
    end: (variantRows, cellRegionRows) => {
      // In key order: several times faster than at random.
      for (const summary of variants.sort(inKeyOrder)) variantRows.add(toRow(summary, backendId))
      for (const [cellId, summaries] of cells) {
        for (const row of summaries.rows(cellId, backendId)) cellRegionRows.add(row)
      }
    },
  }
}

/** The mask of regions in two halves, since bit operations take 32 bits. */
const halfBits = regionMaskBits / 2

interface VariantSummary {
  readonly id: number
  readonly cellId: number
  readonly type: InstanceType
  least: number
  most: number
  offers: number
  lowRegions: number
  highRegions: number
}

const emptySummary = (cellId: number, id: number, type: InstanceType): VariantSummary => ({
  id,
  cellId,
  type,
  least: Infinity,
  most: 0,
  offers: 0,
  lowRegions: 0,
  highRegions: 0,
})

const addOffer = (summary: VariantSummary, regionId: number, standing: number): void => {
  if (standing < summary.least) summary.least = standing
  if (standing > summary.most) summary.most = standing
  summary.offers++
  const bit = regionId % regionMaskBits
  if (bit < halfBits) summary.lowRegions |= 1 << bit
  else summary.highRegions |= 1 << (bit - halfBits)
}

const inKeyOrder = (left: VariantSummary, right: VariantSummary): number =>
  left.cellId - right.cellId || left.least - right.least || left.id - right.id

const toRow = (summary: VariantSummary, backendId: number): readonly Value[] => [
  summary.cellId,
  summary.least,
  summary.id,
  summary.most,
  Math.round(summary.type.cpus * 1000),
  summary.type.memoryMib,
  summary.type.gpuCount,
  summary.type.diskMib,
  backendId,
  summary.highRegions * 2 ** halfBits + summary.lowRegions,
  summary.offers,
]

interface RegionSummaries {
  add(regionId: number, standing: number): void
  rows(cellId: number, backendId: number): readonly (readonly Value[])[]
}

const regionSummaries = (): RegionSummaries => {
  let least = new Float64Array(64).fill(Infinity)
  let offers = new Float64Array(64)
  const grow = (size: number): void => {
    const [oldLeast, oldOffers] = [least, offers]
    least = new Float64Array(size).fill(Infinity)
    least.set(oldLeast)
    offers = new Float64Array(size)
    offers.set(oldOffers)
  }
  return {
    add: (regionId, standing) => {
      if (regionId >= least.length) grow(2 * regionId)
      if (standing < (least[regionId] ?? 0)) least[regionId] = standing
      offers[regionId] = (offers[regionId] ?? 0) + 1
    },
    rows: (cellId, backendId) =>
      [...least.entries()].flatMap(([regionId, standing]) =>
        standing === Infinity
          ? []
          : [[regionId, cellId, backendId, standing, offers[regionId] ?? 0]],
      ),
  }
}

import type { Gpu } from '#domain/gpu'
import type { Grouping } from './grouping.ts'

/** Prices per hour in nano-USD, from the least known to the greatest. */
export interface PriceRange {
  readonly min: number
  readonly max: number
}

/** Offers alike in what the grouping names. Every figure is of all of them, in stock or not. */
export interface Group {
  /** Null for machines without accelerators: a group of their own. */
  readonly gpu: Gpu | null
  /** Accelerators per machine. */
  readonly gpuCount: { readonly min: number; readonly max: number }
  /**
   * Those that sell it: with something in stock first, then the cheapest per accelerator. One when
   * the grouping names backends.
   */
  readonly backends: readonly SellingBackend[]
  /**
   * Where it is sold: names, sorted, and last a null if some offers are of unknown region. One when
   * the grouping names regions; null when it does not even name backends.
   */
  readonly regions: readonly (string | null)[] | null
  readonly spot: boolean
  readonly onDemand: boolean
  readonly offers: number
  /** Offers not known to be out of stock. */
  readonly available: number
  /** Offers without a price; they are in no range. */
  readonly unknownPrices: number
  /** Per machine. Null where no price is known. */
  readonly price: PriceRange | null
  /** Per accelerator, to the nearest nano-USD. Null without accelerators or prices. */
  readonly perGpu: PriceRange | null
  /** Per GB of accelerator memory, to the nearest nano-USD. Null as above. */
  readonly perMemoryGb: PriceRange | null
  /** The first of its offers in rank order: what a run would try. */
  readonly first: RankedId
}

export interface SellingBackend {
  readonly name: string
  /** Ties go to the smaller, as among offers. */
  readonly rank: number
  readonly available: boolean
  /** The least price per accelerator, or per machine without any; null for unknown. */
  readonly fromNanoUsd: number | null
}

/** An offer's identity with the keys of its rank. */
export interface RankedId {
  readonly id: string
  readonly standing: number
  readonly backendRank: number
  readonly instanceType: string
  readonly spot: boolean
  readonly region: string | null
}

export interface Groups {
  readonly grouping: Grouping
  /** In their order; see `compareGroups`. */
  readonly groups: readonly Group[]
}

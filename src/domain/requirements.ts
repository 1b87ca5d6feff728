import type { GpuVendor } from './gpu.ts'
import { anything, type Range } from './range.ts'
import type { GpuDemand } from './resources.ts'

/** What an offer must meet: a configuration and its profile, resolved. */
export interface Requirements {
  readonly cpu: Range
  readonly memoryMib: Range
  readonly diskMib: Range | null
  readonly gpu: GpuRequirement | null
  /** True: spot only; false: on-demand only; null: either. */
  readonly spot: boolean | null
  /** Inclusive. */
  readonly maxPriceNanoUsd: number | null
  /** Null is any; an empty list matches nothing. Canonical backend names. */
  readonly backends: readonly string[] | null
  /** Compared without case. An offer of unknown region matches no list. */
  readonly regions: readonly string[] | null
  /** Compared without case. */
  readonly instanceTypes: readonly string[] | null
}

/** What every offer meets. */
export const noRequirements: Requirements = {
  cpu: anything,
  memoryMib: anything,
  diskMib: null,
  gpu: null,
  spot: null,
  maxPriceNanoUsd: null,
  backends: null,
  regions: null,
  instanceTypes: null,
}

/**
 * `count.min` of 0 lets machines without accelerators through, whatever else is asked of the
 * accelerators; any other count tests them like the rest, with no name, no memory and a count of 0.
 */
export interface GpuRequirement extends Omit<GpuDemand, 'count'> {
  readonly count: Range
  /** Null is any maker. */
  readonly vendors: readonly GpuVendor[] | null
}

/** What an answer is wanted for, for sources that can be asked for a part of what they have. */
import type { Offer } from '#domain/offer'
import { contains, type Range } from '#domain/range'

export interface Sought {
  /** Accelerators per machine; 0 is a machine without any. */
  readonly gpuCount: Range
  /** Memory of each accelerator, nominal. Machines without any have none to compare. */
  readonly gpuMemoryMib: Range
  /** Compared without case; null is any. */
  readonly regions: readonly string[] | null
}

const isWithin = (region: string | null, regions: readonly string[] | null): boolean =>
  regions === null || regions.some((one) => one.toLowerCase() === region?.toLowerCase())

/** Whether a region is among those sought. */
export const isSoughtRegion = (region: string, { regions }: Sought): boolean =>
  isWithin(region, regions)

/** Whether a source that was asked for so much had to tell this offer. */
export const isSought = (
  { region, instanceType: { gpu, gpuCount } }: Offer,
  sought: Sought,
): boolean =>
  contains(sought.gpuCount, gpuCount) &&
  (gpu === null || contains(sought.gpuMemoryMib, gpu.memoryMib)) &&
  isWithin(region, sought.regions)

import type { ComputeCapability } from './gpu.ts'
import { atLeast, exactly, type Range } from './range.ts'

/** What a configuration asks of the accelerators. */
export interface GpuDemand {
  /** Any of these, compared without case; null for any. An empty list matches nothing. */
  readonly names: readonly string[] | null
  readonly count: Range
  /** Memory of each, in MiB. */
  readonly memoryMib: Range | null
  /** Memory of all together, in MiB. */
  readonly totalMemoryMib: Range | null
  /** The least compute capability. */
  readonly computeCapability: ComputeCapability | null
}

/** What a configuration asks of a machine. */
export interface Resources {
  readonly cpu: Range
  readonly memoryMib: Range
  readonly shmSizeMib: number | null
  /** Null asks nothing: machines with and without accelerators match. */
  readonly gpu: GpuDemand | null
  /** Null asks nothing. Binds only machines with a disk of fixed size. */
  readonly diskMib: Range | null
}

/** What dstack 0.18.1 asks where a configuration says nothing. */
export const defaultResources: Resources = {
  cpu: atLeast(2),
  memoryMib: atLeast(8 * 1024),
  shmSizeMib: null,
  gpu: null,
  diskMib: atLeast(100 * 1024),
}

/** The base of a search from flags alone: nothing asked. */
export const openResources: Resources = {
  cpu: atLeast(0),
  memoryMib: atLeast(0),
  shmSizeMib: null,
  gpu: null,
  diskMib: null,
}

export const oneGpu: GpuDemand = {
  names: null,
  count: exactly(1),
  memoryMib: null,
  totalMemoryMib: null,
  computeCapability: null,
}

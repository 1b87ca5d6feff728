/** The rows that the statements of a search give, as arrays in the order of their columns. */

/** The offers of a variant, as far as its summary tells. */
export type VariantRow = readonly [
  id: number,
  minStanding: number,
  maxStanding: number,
  offers: number,
]

/** A cell, as `cells` gives it. */
export type CellRow = readonly [
  id: number,
  spot: number,
  outOfStock: number,
  gpuId: number,
  minGpuCount: number,
  maxGpuCount: number,
  minCpuMilli: number,
  maxCpuMilli: number,
  minMemoryMib: number,
  maxMemoryMib: number,
  freeDisk: number,
  minDiskMib: number | null,
  maxDiskMib: number | null,
  backendMask: number,
  minStanding: number,
  maxStanding: number,
  offers: number,
]

/** What a backend has of a cell in a region. */
export type CellRegionRow = readonly [
  cellId: number,
  backendId: number,
  minStanding: number,
  offers: number,
]

export type OfferRow = readonly [
  variantId: number,
  standing: number,
  stock: number,
  observationId: number,
  region: string,
]

export type InstanceTypeRow = readonly [
  id: number,
  name: string,
  cpuMilli: number,
  memoryMib: number,
  gpuId: number,
  gpuCount: number,
  diskMib: number | null,
  architecture: string | null,
]

import type { Bounds, SearchBounds } from '#query/bounds'
import type { CellRow } from '#query/statements'

/** Variants alike in accelerator and size: the box around them, and what their offers come to. */
export interface Cell {
  readonly id: number
  /** 1 for spot, 0 for on-demand. */
  readonly spot: number
  readonly outOfStock: boolean
  readonly gpuId: number
  readonly gpuCount: Bounds
  readonly cpuMilli: Bounds
  readonly memoryMib: Bounds
  /** Whether some have a disk of one's choice. */
  readonly freeDisk: boolean
  /** Of the disks of fixed size; where there are none, nothing overlaps them, and they are within all. */
  readonly diskMib: Bounds
  readonly backendMask: number
  readonly standing: Bounds
  readonly offers: number
}

export const toCell = (row: CellRow): Cell => {
  const [id, spot, outOfStock, gpuId, minGpuCount, maxGpuCount, minCpuMilli, maxCpuMilli] = row
  const [, , , , , , , , minMemoryMib, maxMemoryMib, freeDisk, minDiskMib, maxDiskMib] = row
  const [, , , , , , , , , , , , , backendMask, minStanding, maxStanding, offers] = row
  return {
    id,
    spot,
    outOfStock: outOfStock === 1,
    gpuId,
    gpuCount: { min: minGpuCount, max: maxGpuCount },
    cpuMilli: { min: minCpuMilli, max: maxCpuMilli },
    memoryMib: { min: minMemoryMib, max: maxMemoryMib },
    freeDisk: freeDisk === 1,
    diskMib: { min: minDiskMib ?? Infinity, max: maxDiskMib ?? -Infinity },
    backendMask,
    standing: { min: minStanding, max: maxStanding },
    offers,
  }
}

/** Whether some variant of a cell may meet the bounds; the count of accelerators left aside. */
export const boxOverlaps = (cell: Cell, bounds: SearchBounds): boolean =>
  bounds.spot.min <= cell.spot &&
  cell.spot <= bounds.spot.max &&
  overlap(bounds.cpuMilli, cell.cpuMilli) &&
  overlap(bounds.memoryMib, cell.memoryMib) &&
  (cell.freeDisk || overlap(bounds.diskMib, cell.diskMib)) &&
  shares(bounds.backendMask, cell.backendMask)

/** Whether every offer of a cell meets the bounds, so that its own total counts the matches. */
export const boxAdmitsAll = (
  cell: Cell,
  bounds: SearchBounds,
  { cap, gpuCount }: { readonly cap: number; readonly gpuCount: Bounds },
): boolean =>
  within(bounds.cpuMilli, cell.cpuMilli) &&
  within(bounds.memoryMib, cell.memoryMib) &&
  within(gpuCount, cell.gpuCount) &&
  cell.standing.max <= cap &&
  within(bounds.diskMib, cell.diskMib) &&
  covers(bounds.backendMask, cell.backendMask)

export const overlap = (left: Bounds, right: Bounds): boolean =>
  left.min <= right.max && right.min <= left.max

const within = (outer: Bounds, inner: Bounds): boolean =>
  outer.min <= inner.min && inner.max <= outer.max

/** Masks reach 52 bits, past JavaScript's `&`: it takes their halves. */
const half = 2 ** 26

const high = (mask: number): number => Math.floor(mask / half)

/** Whether every bit of `mask` is in `all`. */
const covers = (all: number, mask: number): boolean =>
  ((all % half) & (mask % half)) === mask % half && (high(all) & high(mask)) === high(mask)

/** Whether two masks have a bit in common. */
const shares = (left: number, right: number): boolean =>
  ((left % half) & (right % half)) !== 0 || (high(left) & high(right)) !== 0

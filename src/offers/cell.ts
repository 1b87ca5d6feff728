import type { Bounds, SearchBounds } from '#query/bounds'
import type { CellRow } from '#query/rows'

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

/** By index: taking a row apart by a pattern walks it, which a cold start feels over all cells. */
export const toCell = (row: CellRow): Cell => ({
  id: row[0],
  spot: row[1],
  outOfStock: row[2] === 1,
  gpuId: row[3],
  gpuCount: { min: row[4], max: row[5] },
  cpuMilli: { min: row[6], max: row[7] },
  memoryMib: { min: row[8], max: row[9] },
  freeDisk: row[10] === 1,
  diskMib: { min: row[11] ?? Infinity, max: row[12] ?? -Infinity },
  backendMask: row[13],
  standing: { min: row[14], max: row[15] },
  offers: row[16],
})

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

import type { Tables } from '#catalog/tables'
import type { Bounds, SearchBounds } from '#query/bounds'

export type CellRow = Tables['cell']

/** Whether every variant of a cell meets the bounds, so that its own total counts the matches. */
export const boxAdmitsAll = (
  cell: CellRow,
  bounds: SearchBounds,
  visit: { readonly cap: number; readonly gpuCountMin: number; readonly gpuCountMax: number },
): boolean =>
  within(bounds.cpuMilli, cell.min_cpu_milli, cell.max_cpu_milli) &&
  within(bounds.memoryMib, cell.min_memory_mib, cell.max_memory_mib) &&
  visit.gpuCountMin <= cell.min_gpu_count &&
  cell.max_gpu_count <= visit.gpuCountMax &&
  cell.max_standing <= visit.cap &&
  (cell.fixed_disk === 0 || (bounds.diskMib.min === 0 && bounds.diskMib.max === unboundedMax)) &&
  covers(bounds.backendMask, cell.backend_mask)

const unboundedMax = Number.MAX_SAFE_INTEGER

const within = (bounds: Bounds, min: number, max: number): boolean =>
  bounds.min <= min && max <= bounds.max

/** Whether every bit of `mask` is in `all`. Masks reach 52 bits, past JavaScript's `&`. */
const covers = (all: number, mask: number): boolean => {
  const left = BigInt(all)
  const right = BigInt(mask)
  return (left & right) === right
}

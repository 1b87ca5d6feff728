import { mibPerGb } from '#domain/memory'
import type { InstanceType } from '#domain/offer'

/** What dstack 0.18.1 asks of a disk, so that its most frequent bound divides no cell. */
const usualDiskMib = 100 * mibPerGb

const diskClass = (diskMib: number | null): number =>
  diskMib === null ? 0 : diskMib < usualDiskMib ? 1 : 2

const log2 = (value: number): number => Math.floor(Math.log2(Math.max(1, value)))

/**
 * The bits of a cell's id above those of the variant: the accelerator, from the 16th on, and a size.
 * Cells gather variants of one accelerator model whose counts, or without accelerators whose CPUs
 * and memory, agree to a power of two, and whose disks are alike. Any gathering would be right: the
 * boxes are computed from what is in a cell. This one keeps them tight and few.
 */
export const cellGroup = (type: InstanceType, gpuId: number): number => {
  const size =
    type.gpu === null
      ? log2(Math.round(type.cpus * 1000)) * 64 + log2(type.memoryMib)
      : log2(type.gpuCount)
  return gpuId * 2 ** 16 + size * 4 + diskClass(type.diskMib)
}

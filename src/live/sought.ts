import type { Sought } from '#backends/kit/sought'
import { anything } from '#domain/range'
import type { Requirements } from '#domain/requirements'

/** What of the requirements a source can be asked for. Pure. */
export const soughtBy = ({ gpu, regions }: Requirements): Sought => ({
  gpuCount: gpu?.count ?? anything,
  gpuMemoryMib: gpu?.memoryMib ?? anything,
  regions,
})

/** A change of one filter, and what becomes of requirements by it. */
import type { Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import { type Filter, type GpuFilterName, isGpuFilter } from './filters.ts'

export interface Change {
  readonly filter: Filter
  /** Where the bound moves to; null drops the filter. Units as in the filter. */
  readonly to: number | null
}

/** Requirements with the changes applied, one after another. */
export const applyChanges = (
  requirements: Requirements,
  changes: readonly Change[],
): Requirements =>
  changes.reduce((changed, { filter, to }) => apply(changed, filter, to), requirements)

const apply = (asked: Requirements, filter: Filter, to: number | null): Requirements => {
  const { name } = filter
  if (name === 'gpu-names') {
    const vendors = filter.thenVendors ?? asked.gpu?.vendors ?? null
    return { ...asked, gpu: asked.gpu && { ...asked.gpu, names: null, vendors } }
  }
  if (isGpuFilter(name)) return { ...asked, gpu: asked.gpu && applyToGpu(asked.gpu, name, to) }
  switch (name) {
    case 'backends':
      return { ...asked, backends: null }
    case 'regions':
      return { ...asked, regions: null }
    case 'instance-types':
      return { ...asked, instanceTypes: null }
    case 'spot':
      return { ...asked, spot: null }
    case 'cpu-min':
      return { ...asked, cpu: { ...asked.cpu, min: to } }
    case 'cpu-max':
      return { ...asked, cpu: { ...asked.cpu, max: to } }
    case 'memory-min':
      return { ...asked, memoryMib: { ...asked.memoryMib, min: to } }
    case 'memory-max':
      return { ...asked, memoryMib: { ...asked.memoryMib, max: to } }
    case 'disk-min':
      return { ...asked, diskMib: orOpen(asked.diskMib, { min: to }) }
    case 'disk-max':
      return { ...asked, diskMib: orOpen(asked.diskMib, { max: to }) }
    case 'max-price':
      return { ...asked, maxPriceNanoUsd: to }
  }
}

const applyToGpu = (
  asked: GpuRequirement,
  name: Exclude<GpuFilterName, 'gpu-names'>,
  to: number | null,
): GpuRequirement => {
  switch (name) {
    case 'gpu-vendors':
      return { ...asked, vendors: null }
    case 'gpu-count-min':
      return { ...asked, count: { ...asked.count, min: to } }
    case 'gpu-count-max':
      return { ...asked, count: { ...asked.count, max: to } }
    case 'gpu-memory-min':
      return { ...asked, memoryMib: orOpen(asked.memoryMib, { min: to }) }
    case 'gpu-memory-max':
      return { ...asked, memoryMib: orOpen(asked.memoryMib, { max: to }) }
    case 'gpu-total-memory-min':
      return { ...asked, totalMemoryMib: orOpen(asked.totalMemoryMib, { min: to }) }
    case 'gpu-total-memory-max':
      return { ...asked, totalMemoryMib: orOpen(asked.totalMemoryMib, { max: to }) }
    case 'gpu-capability':
      return {
        ...asked,
        computeCapability: to === null ? null : [Math.floor(to / 1000), to % 1000],
      }
  }
}

/** Null where neither end is left. */
const orOpen = (range: Range | null, ends: Partial<Range>): Range | null => {
  const changed = { min: range?.min ?? null, max: range?.max ?? null, ...ends }
  return changed.min === null && changed.max === null ? null : changed
}

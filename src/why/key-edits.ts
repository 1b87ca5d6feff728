/** Changes of requirements in the keys of a configuration. */
import { mibPerGb } from '#domain/memory'
import { printUsd } from '#domain/price'
import type { Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import type { Change } from './changes.ts'
import { type FilterName, type GpuFilterName, isGpuFilter } from './filters.ts'

/** A key and the text of its new value in YAML; null takes the key out. */
export interface KeyEdit {
  readonly path: readonly string[]
  readonly value: string | null
}

/**
 * The keys that the changes lead to, with values taken from the requirements as changed: one edit a
 * key, in the order of the filters. No key stands for `gpu-vendors`.
 */
export const keyEdits = (changes: readonly Change[], relaxed: Requirements): readonly KeyEdit[] => {
  const edits = new Map<string, KeyEdit>()
  for (const { filter } of changes) {
    const edit = editOf(filter.name, relaxed)
    if (edit !== null) edits.set(edit.path.join('.'), edit)
  }
  return [...edits.values()]
}

const editOf = (name: FilterName, relaxed: Requirements): KeyEdit | null => {
  const { cpu, memoryMib, diskMib, maxPriceNanoUsd } = relaxed
  if (isGpuFilter(name)) return relaxed.gpu && gpuEditOf(name, relaxed.gpu)
  switch (name) {
    case 'backends':
    case 'regions':
      return { path: [name], value: null }
    case 'instance-types':
      return { path: ['instance_types'], value: null }
    case 'spot':
      return { path: ['spot_policy'], value: 'auto' }
    case 'cpu-min':
    case 'cpu-max':
      return { path: ['resources', 'cpu'], value: printRange(cpu, String) }
    case 'memory-min':
    case 'memory-max':
      return { path: ['resources', 'memory'], value: printSizes(memoryMib) }
    case 'disk-min':
    case 'disk-max':
      return { path: ['resources', 'disk'], value: diskMib === null ? 'null' : printSizes(diskMib) }
    case 'max-price':
      return {
        path: ['max_price'],
        value: maxPriceNanoUsd === null ? null : printUsd(maxPriceNanoUsd),
      }
  }
}

type GpuKeyName = Exclude<GpuFilterName, 'gpu-vendors'>

const gpuKeys: Readonly<Record<GpuKeyName, string>> = {
  'gpu-names': 'name',
  'gpu-count-min': 'count',
  'gpu-count-max': 'count',
  'gpu-memory-min': 'memory',
  'gpu-memory-max': 'memory',
  'gpu-total-memory-min': 'total_memory',
  'gpu-total-memory-max': 'total_memory',
  'gpu-capability': 'compute_capability',
}

const gpuEditOf = (name: GpuFilterName, gpu: GpuRequirement): KeyEdit | null =>
  name === 'gpu-vendors'
    ? null
    : { path: ['resources', 'gpu', gpuKeys[name]], value: gpuValue(name, gpu) }

const gpuValue = (name: GpuKeyName, gpu: GpuRequirement): string | null => {
  switch (name) {
    case 'gpu-names':
      return null
    case 'gpu-count-min':
    case 'gpu-count-max':
      return printRange(gpu.count, String)
    case 'gpu-memory-min':
    case 'gpu-memory-max':
      return gpu.memoryMib && printSizes(gpu.memoryMib)
    case 'gpu-total-memory-min':
    case 'gpu-total-memory-max':
      return gpu.totalMemoryMib && printSizes(gpu.totalMemoryMib)
    case 'gpu-capability':
      return gpu.computeCapability && gpu.computeCapability.join('.')
  }
}

/** The whole demand as one value: `A100:40GB..:1` where that says it all, else a mapping. */
export const printGpu = (gpu: GpuRequirement): string => {
  const { names, memoryMib, totalMemoryMib, computeCapability } = gpu
  const count = printRange(gpu.count, String)
  const memory = memoryMib === null ? [] : [printSizes(memoryMib)]
  const isShort = names?.every((name) => /^[A-Za-z][A-Za-z0-9]*$/.test(name)) ?? true
  if (isShort && names?.length !== 0 && totalMemoryMib === null && computeCapability === null) {
    const text = [...(names === null ? [] : [names.join(',')]), ...memory, count].join(':')
    return text.includes(',') ? JSON.stringify(text) : text
  }
  const parts = [
    ...(names === null ? [] : [`name: ${JSON.stringify(names)}`]),
    `count: ${count}`,
    ...memory.map((text) => `memory: ${text}`),
    ...(totalMemoryMib === null ? [] : [`total_memory: ${printSizes(totalMemoryMib)}`]),
    ...(computeCapability === null ? [] : [`compute_capability: ${computeCapability.join('.')}`]),
  ]
  return `{${parts.join(', ')}}`
}

const printRange = ({ min, max }: Range, print: (value: number) => string): string => {
  if (min !== null && min === max) return print(min)
  return `${min === null ? '' : print(min)}..${max === null ? '' : print(max)}`
}

/** In GB where that is short, else in MB: exact either way. */
const printSize = (mib: number): string => {
  const gb = String(mib / mibPerGb)
  return gb.length <= 6 || !Number.isInteger(mib) ? `${gb}GB` : `${mib}MB`
}

const printSizes = (range: Range): string => printRange(range, printSize)

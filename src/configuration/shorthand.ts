/** The forms of a configuration by themselves, for values that come from elsewhere than a file. */
import type { Range } from '#domain/range'
import type { GpuDemand, Resources } from '#domain/resources'
import { parseWith } from './check.ts'
import { countRange, diskRange, gpuDemand, memoryRange, resources } from './resources-schema.ts'

/** `4`, `4..`, `{min: 4}`. */
export const parseCountRange = (value: unknown): Range => parseWith(countRange(), value)

/** `8GB`, `8GB..16GB`, `{min: 8GB}`: in MiB. */
export const parseMemoryRange = (value: unknown): Range => parseWith(memoryRange(), value)

/** As a range of memory, with the least disk in mind. */
export const parseDiskRange = (value: unknown): Range => parseWith(diskRange(), value)

/** `2`, `A100:80GB:2`, `{name: A100}`. */
export const parseGpu = (value: unknown): GpuDemand => parseWith(gpuDemand(), value)

/** A mapping as under `resources`; its gaps are filled with the defaults. */
export const parseResources = (value: unknown): Resources => parseWith(resources(), value)

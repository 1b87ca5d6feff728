/** Which requirements differ, by meaning rather than by spelling. */
import type { Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'

export type RequirementField = keyof Requirements

type Said = string | number | boolean | null | readonly Said[]

/** Case, order and repetition of names say nothing. */
const names = (list: readonly string[] | null): Said =>
  list && [...new Set(list.map((name) => name.toLowerCase()))].sort()

/** Sizes are not negative: from 0 is from anything. */
const size = (range: Range | null): Said => {
  const min = range?.min ?? 0
  const max = range?.max ?? null
  return min <= 0 && max === null ? null : [Math.max(min, 0), max]
}

const gpu = (asked: GpuRequirement | null): Said =>
  asked && [
    names(asked.names),
    names(asked.vendors),
    // 0 lets machines without accelerators through; null does not.
    [asked.count.min, asked.count.max],
    size(asked.memoryMib),
    size(asked.totalMemoryMib),
    asked.computeCapability,
  ]

const fields: Record<RequirementField, (requirements: Requirements) => Said> = {
  cpu: ({ cpu }) => size(cpu),
  memoryMib: ({ memoryMib }) => size(memoryMib),
  gpu: (requirements) => gpu(requirements.gpu),
  diskMib: ({ diskMib }) => size(diskMib),
  spot: ({ spot }) => spot,
  maxPriceNanoUsd: ({ maxPriceNanoUsd }) => maxPriceNanoUsd,
  backends: ({ backends }) => names(backends),
  regions: ({ regions }) => names(regions),
  instanceTypes: ({ instanceTypes }) => names(instanceTypes),
}

const isField = (key: string): key is RequirementField => key in fields

/** The fields that not all of the requirements say alike, in a fixed order. */
export const differingFields = (all: readonly Requirements[]): readonly RequirementField[] =>
  Object.keys(fields)
    .filter(isField)
    .filter((field) => new Set(all.map((one) => JSON.stringify(fields[field](one)))).size > 1)

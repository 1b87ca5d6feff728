/** Requirements taken apart: one filter for each bound or set that a person can name. */
import { encodeCapability } from '#catalog/tables'
import type { GpuVendor } from '#domain/gpu'
import type { Range } from '#domain/range'
import type { Requirements } from '#domain/requirements'
import type { NameField, NumberField } from '#query/constraint'
import { lower } from '#query/lower'

/** In the order in which they are applied: the machine and its place first, the price last. */
export const filterNames = [
  'gpu-names',
  'gpu-vendors',
  'gpu-count-min',
  'gpu-count-max',
  'gpu-memory-min',
  'gpu-memory-max',
  'gpu-total-memory-min',
  'gpu-total-memory-max',
  'gpu-capability',
  'backends',
  'regions',
  'instance-types',
  'spot',
  'cpu-min',
  'cpu-max',
  'memory-min',
  'memory-max',
  'disk-min',
  'disk-max',
  'max-price',
] as const

export type FilterName = (typeof filterNames)[number]
type SetName = 'gpu-names' | 'gpu-vendors' | 'backends' | 'regions' | 'instance-types'
export type GpuFilterName = Extract<FilterName, `gpu-${string}`>
export type BoundName = Exclude<FilterName, SetName | 'spot'>

/**
 * What is asked. A bound is inclusive: a count, MiB, nano-USD per hour, or for `gpu-capability`
 * major * 1000 + minor, the least.
 */
export type Filter =
  | {
      readonly kind: 'set'
      readonly name: 'gpu-names'
      readonly asked: readonly string[]
      /** Whose GPUs are meant once none is named; null for anyone's. */
      readonly thenVendors: readonly GpuVendor[] | null
    }
  | {
      readonly kind: 'set'
      readonly name: Exclude<SetName, 'gpu-names'>
      readonly asked: readonly string[]
    }
  | { readonly kind: 'bound'; readonly name: BoundName; readonly asked: number }
  | { readonly kind: 'spot'; readonly name: 'spot'; readonly asked: boolean }

export const isGpuFilter = (name: FilterName): name is GpuFilterName => name.startsWith('gpu-')

/** Upper bounds move up, all others down. */
export const isUpperBound = (name: BoundName): boolean =>
  name === 'max-price' || name.endsWith('-max')

/** The filters that can turn an offer away, in their order. A least of 0 turns none away. */
export const filtersOf = (
  requirements: Requirements,
  unnamedVendors: readonly GpuVendor[] | null,
): readonly Filter[] => {
  const found = [...gpuFilters(requirements, unnamedVendors), ...otherFilters(requirements)]
  return found.toSorted(
    (left, right) => filterNames.indexOf(left.name) - filterNames.indexOf(right.name),
  )
}

const gpuFilters = (
  requirements: Requirements,
  thenVendors: readonly GpuVendor[] | null,
): readonly Filter[] => {
  const asked = lower(requirements).find((one) => one.kind === 'gpu')?.gpu
  if (!asked) return []
  // Vendors that are asked for besides names stay asked for.
  const then = asked.vendors === null ? thenVendors : null
  const capability = asked.computeCapability && encodeCapability(...asked.computeCapability)
  return [
    ...(asked.names === null
      ? []
      : [{ kind: 'set', name: 'gpu-names', asked: asked.names, thenVendors: then } as const]),
    ...set('gpu-vendors', asked.vendors),
    ...range('gpu-count', asked.count),
    ...range('gpu-memory', asked.memoryMib),
    ...range('gpu-total-memory', asked.totalMemoryMib),
    ...bound('gpu-capability', capability),
  ]
}

const otherFilters = (requirements: Requirements): readonly Filter[] => {
  const constraints = lower(requirements)
  const within = (field: NumberField): Range | null => {
    const found = constraints.find((one) => one.kind === 'within' && one.field === field)
    return found?.kind === 'within' ? found.range : null
  }
  const names = (field: NameField): readonly string[] | null => {
    const found = constraints.find((one) => one.kind === 'one-of' && one.field === field)
    return found?.kind === 'one-of' ? found.names : null
  }
  const { spot } = requirements
  return [
    ...set('backends', names('backend')),
    ...set('regions', names('region')),
    ...set('instance-types', names('instanceType')),
    ...(spot === null ? [] : [{ kind: 'spot', name: 'spot', asked: spot } as const]),
    ...range('cpu', within('cpus')),
    ...range('memory', within('memoryMib')),
    ...range('disk', within('diskMib')),
    ...bound('max-price', constraints.find((one) => one.kind === 'price')?.maxNanoUsd ?? null),
  ]
}

const set = (
  name: Exclude<SetName, 'gpu-names'>,
  asked: readonly string[] | null,
): readonly Filter[] => (asked === null ? [] : [{ kind: 'set', name, asked }])

const bound = (name: BoundName, asked: number | null): readonly Filter[] =>
  asked === null ? [] : [{ kind: 'bound', name, asked }]

const range = (
  name: 'gpu-count' | 'gpu-memory' | 'gpu-total-memory' | 'cpu' | 'memory' | 'disk',
  asked: Range | null,
): readonly Filter[] => [
  ...bound(`${name}-min`, asked?.min !== undefined && (asked.min ?? 0) > 0 ? asked.min : null),
  ...bound(`${name}-max`, asked?.max ?? null),
]

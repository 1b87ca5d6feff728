import type { Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import type { Constraint, NameField, NumberField } from './constraint.ts'

/**
 * Requirements as constraints; what asks nothing gives none. Sizes are whole MiB in a catalog, so
 * they are compared at that grain: `214.8GB..` admits a machine whose 214.8 GB were rounded down.
 */
export const lower = (requirements: Requirements): readonly Constraint[] => [
  ...within('cpus', requirements.cpu),
  ...within('memoryMib', wholeMib(requirements.memoryMib)),
  ...within('diskMib', wholeMib(requirements.diskMib)),
  ...price(requirements.maxPriceNanoUsd),
  ...gpu(requirements.gpu),
  ...(requirements.spot === null ? [] : [{ kind: 'spot', value: requirements.spot } as const]),
  ...oneOf('backend', requirements.backends),
  ...oneOf('region', requirements.regions),
  ...oneOf('instanceType', requirements.instanceTypes),
]

const wholeMib = (range: Range | null): Range | null =>
  range && {
    min: range.min === null ? null : Math.round(range.min),
    max: range.max === null ? null : Math.round(range.max),
  }

const gpu = (asked: GpuRequirement | null): readonly Constraint[] =>
  asked === null
    ? []
    : [
        {
          kind: 'gpu',
          gpu: {
            ...asked,
            memoryMib: wholeMib(asked.memoryMib),
            totalMemoryMib: wholeMib(asked.totalMemoryMib),
          },
        },
      ]

const within = (field: NumberField, range: Range | null): readonly Constraint[] =>
  range === null || (range.min === null && range.max === null)
    ? []
    : [{ kind: 'within', field, range }]

const price = (maxNanoUsd: number | null): readonly Constraint[] =>
  maxNanoUsd === null ? [] : [{ kind: 'price', maxNanoUsd }]

const oneOf = (field: NameField, names: readonly string[] | null): readonly Constraint[] =>
  names === null ? [] : [{ kind: 'one-of', field, names }]

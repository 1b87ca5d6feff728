import type { Range } from '#domain/range'
import type { Requirements } from '#domain/requirements'
import type { Constraint, NameField, NumberField } from './constraint.ts'

/** Requirements as constraints; what asks nothing gives none. */
export const lower = (requirements: Requirements): readonly Constraint[] => [
  ...within('cpus', requirements.cpu),
  ...within('memoryMib', requirements.memoryMib),
  ...within('diskMib', requirements.diskMib),
  ...price(requirements.maxPriceNanoUsd),
  ...(requirements.gpu ? [{ kind: 'gpu', gpu: requirements.gpu } as const] : []),
  ...(requirements.spot === null ? [] : [{ kind: 'spot', value: requirements.spot } as const]),
  ...oneOf('backend', requirements.backends),
  ...oneOf('region', requirements.regions),
  ...oneOf('instanceType', requirements.instanceTypes),
]

const within = (field: NumberField, range: Range | null): readonly Constraint[] =>
  range === null || (range.min === null && range.max === null)
    ? []
    : [{ kind: 'within', field, range }]

const price = (maxNanoUsd: number | null): readonly Constraint[] =>
  maxNanoUsd === null ? [] : [{ kind: 'price', maxNanoUsd }]

const oneOf = (field: NameField, names: readonly string[] | null): readonly Constraint[] =>
  names === null ? [] : [{ kind: 'one-of', field, names }]

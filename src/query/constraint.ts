import type { Range } from '#domain/range'
import type { GpuRequirement } from '#domain/requirements'

/** Figures of an offer that a range can bound. */
export type NumberField = 'cpus' | 'memoryMib' | 'diskMib'

/** Names of an offer that a list can restrict; compared without case. */
export type NameField = 'backend' | 'region' | 'instanceType'

/**
 * One condition on an offer. All of a list must hold. Each reader of constraints (the predicate,
 * the SQL parameters) handles every kind, by type.
 */
export type Constraint =
  | { readonly kind: 'within'; readonly field: NumberField; readonly range: Range }
  | { readonly kind: 'price'; readonly maxNanoUsd: number }
  | { readonly kind: 'one-of'; readonly field: NameField; readonly names: readonly string[] }
  | { readonly kind: 'spot'; readonly value: boolean }
  | { readonly kind: 'gpu'; readonly gpu: GpuRequirement }

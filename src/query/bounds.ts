import type { Gpu } from '#domain/gpu'
import type { Range } from '#domain/range'
import { unknownPrice } from '#catalog/tables'
import { admittedCounts } from './admitted-counts.ts'
import type { Constraint, NumberField } from './constraint.ts'

/** A catalog's dictionaries: what a search needs to know before it can speak in ids. */
export interface Dictionaries {
  /** Id 0 is no accelerator. */
  readonly gpus: ReadonlyMap<number, Gpu | null>
  readonly backends: ReadonlyMap<string, number>
  /** Ids of every region of that name, compared without case. */
  regionIds(name: string): readonly number[]
}

/** Constraints in the catalog's own terms: inclusive integer bounds, ids and masks. */
export interface SearchBounds {
  readonly cpuMilli: Bounds
  readonly memoryMib: Bounds
  readonly diskMib: Bounds
  readonly priceMax: number
  readonly spot: Bounds
  /** Accelerator id -> the counts that will do. Null: nothing is asked of accelerators. */
  readonly gpuCounts: ReadonlyMap<number, Bounds> | null
  /** Null: any region. */
  readonly regionIds: readonly number[] | null
  readonly backendMask: number
  /** Null: any instance type. */
  readonly instanceTypes: readonly string[] | null
}

export interface Bounds {
  readonly min: number
  readonly max: number
}

const unbounded: Bounds = { min: 0, max: Number.MAX_SAFE_INTEGER }

/** Ranges are of real numbers, columns of integers: inward rounding changes no answer. */
const bounds = ({ min, max }: Range, scale = 1): Bounds => ({
  min: min === null ? unbounded.min : Math.ceil(scaled(min, scale)),
  max: max === null ? unbounded.max : Math.floor(scaled(max, scale)),
})

/** 16.1 times 1000 is 16100.000000000002 to a computer: a millionth is no difference. */
const scaled = (end: number, scale: number): number => Math.round(end * scale * 1e6) / 1e6

/** Null when no offer can match: an empty list, or names that the catalog does not have. */
export const toBounds = (
  constraints: readonly Constraint[],
  dictionaries: Dictionaries,
): SearchBounds | null => {
  const range = (field: NumberField, scale?: number): Bounds => {
    const found = constraints.find((one) => one.kind === 'within' && one.field === field)
    return found?.kind === 'within' ? bounds(found.range, scale) : unbounded
  }
  const spot = constraints.find((one) => one.kind === 'spot')?.value
  const price = constraints.find((one) => one.kind === 'price')?.maxNanoUsd
  const found: SearchBounds = {
    cpuMilli: range('cpus', 1000),
    memoryMib: range('memoryMib'),
    diskMib: range('diskMib'),
    priceMax: price === undefined ? unknownPrice : Math.min(Math.floor(price), unknownPrice - 1),
    spot: { min: Number(spot ?? false), max: Number(spot ?? true) },
    gpuCounts: gpuCounts(constraints, dictionaries),
    regionIds: regionIds(names(constraints, 'region'), dictionaries),
    backendMask: backendMask(names(constraints, 'backend'), dictionaries),
    instanceTypes: names(constraints, 'instanceType'),
  }
  const empty =
    found.gpuCounts?.size === 0 ||
    found.regionIds?.length === 0 ||
    found.instanceTypes?.length === 0 ||
    found.backendMask === 0
  return empty ? null : found
}

const names = (
  constraints: readonly Constraint[],
  field: 'backend' | 'region' | 'instanceType',
): readonly string[] | null => {
  const found = constraints.find((one) => one.kind === 'one-of' && one.field === field)
  return found?.kind === 'one-of' ? found.names : null
}

const regionIds = (
  wanted: readonly string[] | null,
  dictionaries: Dictionaries,
): readonly number[] | null =>
  wanted && [...new Set(wanted.flatMap((name) => dictionaries.regionIds(name)))]

const gpuCounts = (
  constraints: readonly Constraint[],
  { gpus }: Dictionaries,
): ReadonlyMap<number, Bounds> | null => {
  const wanted = constraints.find((one) => one.kind === 'gpu')?.gpu
  if (!wanted) return null
  const counts = new Map<number, Bounds>()
  for (const [id, model] of gpus) {
    const range = admittedCounts(wanted, model)
    if (range) counts.set(id, bounds(range))
  }
  return counts
}

const backendMask = (wanted: readonly string[] | null, { backends }: Dictionaries): number => {
  const lowered = wanted && new Set(wanted.map((name) => name.toLowerCase()))
  let mask = 0
  for (const [name, id] of backends) {
    if (lowered === null || lowered.has(name.toLowerCase())) mask += 2 ** id
  }
  return mask
}

import { canonicalBackend } from '#domain/backend'
import type { Configuration, ConfigurationType } from '#domain/configuration'
import type { GpuVendor } from '#domain/gpu'
import {
  emptyProfileKeys,
  type CreationPolicy,
  type ProfileKeys,
  type RetryPolicy,
  type SpotPolicy,
  type TerminationPolicy,
} from '#domain/profile'
import { contains, type Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import { openResources, type GpuDemand, type Resources } from '#domain/resources'
import { noOverrides, overrideGpu, type Overrides } from './overrides.ts'
import { parseBackend } from './profile-schema.ts'

/** The keys of a run with nothing left to decide. */
export interface EffectiveKeys extends ProfileKeys {
  readonly spotPolicy: SpotPolicy
  readonly retryPolicy: RetryPolicy
  readonly maxDuration: number | 'off'
  readonly creationPolicy: CreationPolicy
  readonly terminationPolicy: TerminationPolicy
  readonly terminationIdleTimeSeconds: number
}

export interface Resolution {
  readonly requirements: Requirements
  readonly keys: EffectiveKeys
}

/** What is said, in the order of precedence. */
export interface Said {
  /** Null where there are only flags. */
  readonly configuration: Configuration | null
  readonly profile?: ProfileKeys | null
  readonly overrides?: Overrides
}

/** Key by key, the first that says something. Lists are taken whole, an empty one too. */
export const mergeKeys = (...sources: readonly ProfileKeys[]): ProfileKeys => {
  const first = <Key extends keyof ProfileKeys>(key: Key): ProfileKeys[Key] | null =>
    sources.find((source) => source[key] !== null)?.[key] ?? null
  return {
    backends: first('backends'),
    regions: first('regions'),
    instanceTypes: first('instanceTypes'),
    spotPolicy: first('spotPolicy'),
    retryPolicy: first('retryPolicy'),
    maxDuration: first('maxDuration'),
    maxPriceNanoUsd: first('maxPriceNanoUsd'),
    poolName: first('poolName'),
    instanceName: first('instanceName'),
    creationPolicy: first('creationPolicy'),
    terminationPolicy: first('terminationPolicy'),
    terminationIdleTimeSeconds: first('terminationIdleTimeSeconds'),
  }
}

const hour = 3600

/** Flags alone are searched as a service is. */
const defaultsOf: {
  readonly [Type in ConfigurationType]: { spotPolicy: SpotPolicy; maxDuration: number | 'off' }
} = {
  service: { spotPolicy: 'auto', maxDuration: 'off' },
  task: { spotPolicy: 'auto', maxDuration: 72 * hour },
  'dev-environment': { spotPolicy: 'on-demand', maxDuration: 6 * hour },
}

const withDefaults = (keys: ProfileKeys, type: ConfigurationType): EffectiveKeys => ({
  ...keys,
  backends: keys.backends && canonical(keys.backends),
  spotPolicy: keys.spotPolicy ?? defaultsOf[type].spotPolicy,
  retryPolicy: keys.retryPolicy ?? { retry: false, durationSeconds: null },
  maxDuration: keys.maxDuration ?? defaultsOf[type].maxDuration,
  creationPolicy: keys.creationPolicy ?? 'reuse-or-create',
  terminationPolicy: keys.terminationPolicy ?? 'destroy-after-idle',
  terminationIdleTimeSeconds: keys.terminationIdleTimeSeconds ?? 300,
})

/** Each backend once, by its own name. */
const canonical = (names: readonly string[]): readonly string[] => [
  ...new Set(names.map((name) => canonicalBackend(parseBackend(name)) ?? name)),
]

/** Makers of what `gpu` means where nothing is named: TPUs and the like answer to their names alone. */
const gpuMakers: readonly GpuVendor[] = ['nvidia', 'amd']

/**
 * At 0.18 every GPU was NVIDIA's. A demand that names its GPUs decides for itself; one that does not
 * needs NVIDIA where the default image runs, which is made for CUDA, and else a GPU.
 */
const vendorsOf = (
  configuration: Configuration | null,
  { names }: GpuDemand,
): readonly GpuVendor[] | null => {
  if (names !== null) return null
  return configuration && !configuration.image ? ['nvidia'] : gpuMakers
}

const admitsNone = (range: Range | null): boolean => range === null || contains(range, 0)

/**
 * A demand that a machine without accelerators meets (`..2`) says so by its count, as `0..2` does:
 * whose accelerators are meant then does not exclude that machine.
 */
const countOf = ({ names, count, computeCapability, ...demand }: GpuDemand): Range => {
  const none =
    names === null &&
    computeCapability === null &&
    [count, demand.memoryMib, demand.totalMemoryMib].every(admitsNone)
  return none ? { ...count, min: 0 } : count
}

const spotOf: { readonly [Policy in SpotPolicy]: boolean | null } = {
  spot: true,
  'on-demand': false,
  auto: null,
}

const requirementsOf = (
  configuration: Configuration | null,
  overrides: Overrides,
  keys: EffectiveKeys,
): Requirements => {
  const asked: Resources = configuration?.resources ?? openResources
  const demand = overrideGpu(asked.gpu, overrides.gpu)
  const gpu: GpuRequirement | null = demand && {
    ...demand,
    count: countOf(demand),
    vendors: vendorsOf(configuration, demand),
  }
  return {
    cpu: overrides.cpu ?? asked.cpu,
    memoryMib: overrides.memoryMib ?? asked.memoryMib,
    diskMib: overrides.diskMib ?? asked.diskMib,
    gpu,
    spot: spotOf[keys.spotPolicy],
    maxPriceNanoUsd: keys.maxPriceNanoUsd,
    backends: keys.backends,
    regions: keys.regions,
    instanceTypes: keys.instanceTypes,
  }
}

/** What an offer must meet: command line over configuration over profile over defaults. */
export const resolve = ({ configuration, profile, overrides = noOverrides }: Said): Resolution => {
  const merged = mergeKeys(
    overrides.keys,
    configuration ?? emptyProfileKeys,
    profile ?? emptyProfileKeys,
  )
  const keys = withDefaults(merged, configuration?.type ?? 'service')
  return { requirements: requirementsOf(configuration, overrides, keys), keys }
}

/** Our values in the words of the vectors: GB for sizes, dollars for prices, dstack's keys. */
import { parseMaxDuration } from '#configuration/duration'
import type { Configuration, Model, PortMapping, Variable } from '#domain/configuration'
import { mibPerGb } from '#domain/memory'
import { nanoPerUsd, parseUsd } from '#domain/price'
import type { ProfileKeys } from '#domain/profile'
import type { Range } from '#domain/range'
import type { GpuDemand, Resources } from '#domain/resources'
import type { Json } from './json.ts'

const gb = (mib: number | null) => (mib === null ? null : mib / mibPerGb)

const sizes = (range: Range | null) => range && { min: gb(range.min), max: gb(range.max) }

export const spellGpu = (gpu: GpuDemand | null) =>
  gpu && {
    name: gpu.names,
    count: gpu.count,
    memory: sizes(gpu.memoryMib),
    total_memory: sizes(gpu.totalMemoryMib),
    compute_capability: gpu.computeCapability,
  }

export const spellDisk = (disk: Range | null) => disk && { size: sizes(disk) }

export const spellResources = (resources: Resources) => ({
  cpu: resources.cpu,
  memory: sizes(resources.memoryMib),
  shm_size: gb(resources.shmSizeMib),
  gpu: spellGpu(resources.gpu),
  disk: spellDisk(resources.diskMib),
})

export const spellKeys = (keys: ProfileKeys) => ({
  backends: keys.backends,
  regions: keys.regions,
  instance_types: keys.instanceTypes,
  spot_policy: keys.spotPolicy,
  retry_policy: keys.retryPolicy && {
    retry: keys.retryPolicy.retry,
    duration: keys.retryPolicy.durationSeconds,
  },
  max_duration: keys.maxDuration,
  max_price: keys.maxPriceNanoUsd === null ? null : keys.maxPriceNanoUsd / nanoPerUsd,
  pool_name: keys.poolName,
  instance_name: keys.instanceName,
  creation_policy: keys.creationPolicy,
  termination_policy: keys.terminationPolicy,
  termination_idle_time: keys.terminationIdleTimeSeconds,
})

const spellPort = ({ localPort, containerPort }: PortMapping) => ({
  local_port: localPort,
  container_port: containerPort,
})

const spellModel = (model: Model) => {
  if (model.format === 'openai') return model
  const { type, name, format, chatTemplate, eosToken } = model
  return { type, name, format, chat_template: chatTemplate, eos_token: eosToken }
}

export const spellEnv = (env: ReadonlyMap<string, Variable>) =>
  Object.fromEntries(
    [...env].map(([name, variable]) => [
      name,
      'value' in variable ? variable.value : { $env: name },
    ]),
  )

const spellOwn = (configuration: Configuration): Json => {
  switch (configuration.type) {
    case 'service':
      return {
        commands: configuration.commands,
        port: spellPort(configuration.port),
        model: configuration.model && spellModel(configuration.model),
        auth: configuration.auth,
        replicas: configuration.replicas,
        scaling: configuration.scaling && {
          metric: configuration.scaling.metric,
          target: configuration.scaling.target,
          scale_up_delay: configuration.scaling.scaleUpDelaySeconds,
          scale_down_delay: configuration.scaling.scaleDownDelaySeconds,
        },
      }
    case 'task':
      return {
        commands: configuration.commands,
        ports: configuration.ports.map(spellPort),
        nodes: configuration.nodes,
      }
    case 'dev-environment':
      return {
        ide: configuration.ide,
        version: configuration.version,
        init: configuration.init,
        ports: configuration.ports.map(spellPort),
      }
  }
}

export const spellConfiguration = (configuration: Configuration): Json => ({
  type: configuration.type,
  image: configuration.image,
  entrypoint: configuration.entrypoint,
  home_dir: configuration.homeDir,
  registry_auth: configuration.registryAuth,
  python: configuration.python,
  env: spellEnv(configuration.env),
  setup: configuration.setup,
  resources: spellResources(configuration.resources),
  ...spellOwn(configuration),
  ...spellKeys(configuration),
})

/** Durations that a vector keeps as texts, in seconds; prices cut to what we keep. */
export const normalisedKeys = (expected: Json): Json =>
  Object.fromEntries(Object.entries(expected).map(([key, value]) => [key, normalised(key, value)]))

const normalised = (key: string, value: unknown): unknown => {
  if (value === null) return null
  if (key === 'max_duration' || key === 'termination_idle_time') return parseMaxDuration(value)
  if (key === 'max_price') return (parseUsd(JSON.stringify(value)) ?? Number.NaN) / nanoPerUsd
  return value
}

/** The values of `got` at the keys of `expected`. */
export const pick = (got: Json, expected: Json): Json =>
  Object.fromEntries(Object.keys(expected).map((key) => [key, got[key]]))

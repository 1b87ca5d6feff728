import type { Json } from '#domain/json'
import type { Configuration, Model, PortMapping, Scaling, Variable } from '#domain/configuration'
import { mibPerGb } from '#domain/memory'
import { nanoPerUsd } from '#domain/price'
import type { ProfileKeys } from '#domain/profile'
import type { Range } from '#domain/range'
import type { GpuDemand, Resources } from '#domain/resources'

const masked = '***'

const printSize = (mib: number): string => `${mib / mibPerGb}GB`

const printRange = ({ min, max }: Range, print: (value: number) => string): string => {
  const [low, high] = [min, max].map((end) => (end === null ? '' : print(end)))
  return min !== null && min === max ? print(min) : `${low}..${high}`
}

const orNull = <In>(value: In | null, print: (value: In) => Json): Json =>
  value === null ? null : print(value)

const printSizes = (range: Range): string => printRange(range, printSize)

const printGpu = (gpu: GpuDemand): Json => ({
  name: gpu.names,
  count: printRange(gpu.count, String),
  memory: orNull(gpu.memoryMib, printSizes),
  total_memory: orNull(gpu.totalMemoryMib, printSizes),
  compute_capability: gpu.computeCapability === null ? null : gpu.computeCapability.join('.'),
})

const printResources = (resources: Resources): Json => ({
  cpu: printRange(resources.cpu, String),
  memory: printSizes(resources.memoryMib),
  shm_size: orNull(resources.shmSizeMib, printSize),
  gpu: orNull(resources.gpu, printGpu),
  disk: orNull(resources.diskMib, (disk) => ({ size: printSizes(disk) })),
})

const printKeys = (keys: ProfileKeys): { readonly [key: string]: Json } => ({
  backends: keys.backends,
  regions: keys.regions,
  instance_types: keys.instanceTypes,
  spot_policy: keys.spotPolicy,
  retry_policy: orNull(keys.retryPolicy, ({ retry, durationSeconds }) => ({
    retry,
    duration: durationSeconds,
  })),
  max_duration: keys.maxDuration,
  max_price: orNull(keys.maxPriceNanoUsd, (price) => price / nanoPerUsd),
  pool_name: keys.poolName,
  instance_name: keys.instanceName,
  creation_policy: keys.creationPolicy,
  termination_policy: keys.terminationPolicy,
  termination_idle_time: keys.terminationIdleTimeSeconds,
})

const printPort = ({ localPort, containerPort }: PortMapping): Json => ({
  local_port: localPort,
  container_port: containerPort,
})

const printModel = (model: Model): Json => {
  if (model.format === 'openai') return { ...model }
  const { type, name, format, chatTemplate, eosToken } = model
  return { type, name, format, chat_template: chatTemplate, eos_token: eosToken }
}

const printScaling = (scaling: Scaling): Json => ({
  metric: scaling.metric,
  target: scaling.target,
  scale_up_delay: scaling.scaleUpDelaySeconds,
  scale_down_delay: scaling.scaleDownDelaySeconds,
})

/** Values of variables may be secret, so none is shown; null is a value that is still missing. */
const printEnv = (env: ReadonlyMap<string, Variable>): Json =>
  Object.fromEntries(
    [...env].map(([name, variable]) => [name, 'value' in variable ? masked : null]),
  )

const printOwn = (configuration: Configuration): { readonly [key: string]: Json } => {
  switch (configuration.type) {
    case 'service':
      return {
        commands: configuration.commands,
        port: printPort(configuration.port),
        model: orNull(configuration.model, printModel),
        auth: configuration.auth,
        replicas: printRange(configuration.replicas, String),
        scaling: orNull(configuration.scaling, printScaling),
      }
    case 'task':
      return {
        commands: configuration.commands,
        ports: configuration.ports.map(printPort),
        nodes: configuration.nodes,
      }
    case 'dev-environment':
      return {
        ide: configuration.ide,
        version: configuration.version,
        init: configuration.init,
        ports: configuration.ports.map(printPort),
      }
  }
}

/**
 * A configuration with its shorthands spelled out, under dstack's own keys: ready for JSON, and a
 * configuration again. Values of variables and passwords are masked.
 */
export const printConfiguration = (
  configuration: Configuration,
): { readonly [key: string]: Json } => ({
  type: configuration.type,
  ...printOwn(configuration),
  image: configuration.image,
  entrypoint: configuration.entrypoint,
  home_dir: configuration.homeDir,
  registry_auth: orNull(configuration.registryAuth, ({ username }) => ({
    username,
    password: masked,
  })),
  python: configuration.python,
  env: printEnv(configuration.env),
  setup: configuration.setup,
  resources: printResources(configuration.resources),
  ...printKeys(configuration),
})

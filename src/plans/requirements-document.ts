/** Requirements as JSON, and back. */
import { printUsd, parseUsd } from '#domain/price'
import type { ComputeCapability } from '#domain/gpu'
import type { Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import type { RequirementsDocument } from './plan-schema.ts'

const copy = (names: readonly string[] | null): string[] | null => names && [...names]

const range = ({ min, max }: Range): { min: number | null; max: number | null } => ({ min, max })

const toGpu = (gpu: GpuRequirement): RequirementsDocument['gpu'] => ({
  names: copy(gpu.names),
  vendors: gpu.vendors && [...gpu.vendors],
  count: range(gpu.count),
  memory_mib: gpu.memoryMib && range(gpu.memoryMib),
  total_memory_mib: gpu.totalMemoryMib && range(gpu.totalMemoryMib),
  compute_capability: gpu.computeCapability && gpu.computeCapability.join('.'),
})

export const toRequirementsDocument = (requirements: Requirements): RequirementsDocument => ({
  cpus: range(requirements.cpu),
  memory_mib: range(requirements.memoryMib),
  disk_mib: requirements.diskMib && range(requirements.diskMib),
  gpu: requirements.gpu && toGpu(requirements.gpu),
  spot: requirements.spot,
  max_price:
    requirements.maxPriceNanoUsd === null
      ? null
      : {
          amount: printUsd(requirements.maxPriceNanoUsd),
          currency: 'USD',
          per: 'instance_hour',
        },
  backends: copy(requirements.backends),
  regions: copy(requirements.regions),
  instance_types: copy(requirements.instanceTypes),
})

const readCapability = (text: string): ComputeCapability => {
  const [major = '', minor = ''] = text.split('.')
  return [Number(major), Number(minor)]
}

const readGpu = (gpu: NonNullable<RequirementsDocument['gpu']>): GpuRequirement => ({
  names: gpu.names,
  vendors: gpu.vendors,
  count: gpu.count,
  memoryMib: gpu.memory_mib,
  totalMemoryMib: gpu.total_memory_mib,
  computeCapability:
    gpu.compute_capability === null ? null : readCapability(gpu.compute_capability),
})

/** The requirements that give this document; the schema has already been checked. */
export const readRequirements = (document: RequirementsDocument): Requirements => ({
  cpu: document.cpus,
  memoryMib: document.memory_mib,
  diskMib: document.disk_mib,
  gpu: document.gpu && readGpu(document.gpu),
  spot: document.spot,
  maxPriceNanoUsd: parseUsd(document.max_price?.amount ?? ''),
  backends: document.backends,
  regions: document.regions,
  instanceTypes: document.instance_types,
})

/** What people ask for: 209 requirement sets of the kinds a search has to be good at. */
import { openResources } from '#domain/resources'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import { mibPerGb } from '#domain/memory'
import { atLeast, exactly } from '#domain/range'
import { nanoPerUsd } from '#domain/price'

export interface RequirementSet {
  readonly kind: string
  readonly requirements: Requirements
}

const open: Requirements = {
  cpu: openResources.cpu,
  memoryMib: openResources.memoryMib,
  diskMib: null,
  gpu: null,
  spot: null,
  maxPriceNanoUsd: null,
  backends: null,
  regions: null,
  instanceTypes: null,
}

const service: Requirements = {
  ...open,
  cpu: atLeast(2),
  memoryMib: atLeast(8 * mibPerGb),
  diskMib: atLeast(100 * mibPerGb),
}

const gpu = (over: Partial<GpuRequirement>): GpuRequirement => ({
  names: null,
  count: exactly(1),
  memoryMib: null,
  totalMemoryMib: null,
  computeCapability: null,
  vendors: ['nvidia'],
  ...over,
})

const set = (kind: string, over: Partial<Requirements>): RequirementSet => ({
  kind,
  requirements: { ...service, ...over },
})

const names = ['T4', 'L4', 'A10G', 'A10', 'A100', 'H100', 'H200', 'L40S', 'V100', 'RTX4090']
const regions = ['us-east-1', 'eu-west-1', 'us-central1', 'europe-west4', 'westeurope', 'eastus']
const spots = [null, true, false]

/** The same list every time. */
export const requirementSets = (): readonly RequirementSet[] => [
  ...names.flatMap((name) =>
    [1, 2, 4, 8].map((count) =>
      set('gpu name and count', { gpu: gpu({ names: [name], count: exactly(count) }) }),
    ),
  ),
  ...[16, 24, 40, 48, 80].flatMap((gb) =>
    [1, 2, 4, 8].map((count) =>
      set('gpu memory', { gpu: gpu({ memoryMib: atLeast(gb * mibPerGb), count: exactly(count) }) }),
    ),
  ),
  ...[48, 96, 160, 320, 640].flatMap((gb) =>
    [true, false].map((spot) =>
      set('total gpu memory', {
        spot,
        gpu: gpu({ totalMemoryMib: atLeast(gb * mibPerGb), count: { min: 1, max: 8 } }),
      }),
    ),
  ),
  ...(
    [
      [7, 5],
      [8, 0],
      [8, 9],
      [9, 0],
      [10, 0],
    ] as const
  ).flatMap((computeCapability) =>
    [true, false].map((spot) =>
      set('compute capability', { spot, gpu: gpu({ computeCapability, count: atLeast(1) }) }),
    ),
  ),
  ...[1, 2, 4, 8, 16, 32, 64, 96].flatMap((cpus) =>
    spots.flatMap((spot) => [
      set('cpu at least', { spot, cpu: atLeast(cpus), memoryMib: atLeast(cpus * 2 * mibPerGb) }),
      set('cpu exactly', { spot, cpu: exactly(cpus), memoryMib: atLeast(cpus * 4 * mibPerGb) }),
    ]),
  ),
  ...regions.flatMap((region) => [
    set('gpu in a region', { regions: [region], gpu: gpu({ names: ['A100', 'H100'] }) }),
    set('any gpu in a region', { regions: [region], gpu: gpu({ count: atLeast(1) }) }),
    set('cpu in a region', { regions: [region], cpu: atLeast(4) }),
    set('gpu in regions', {
      regions,
      gpu: gpu({ memoryMib: atLeast(24 * mibPerGb) }),
      spot: false,
    }),
  ]),
  ...[0.05, 0.2, 0.5, 1, 2, 5, 20].flatMap((usd) => [
    set('price limit', { maxPriceNanoUsd: usd * nanoPerUsd }),
    set('price limit, gpu', { maxPriceNanoUsd: usd * nanoPerUsd, gpu: gpu({}) }),
  ]),
  ...Array.from({ length: 10 }, (_, index) =>
    set('no match', { cpu: exactly(1000 + index), maxPriceNanoUsd: 1 }),
  ),
  ...['p5.48xlarge', 'g5.xlarge', 'a2-highgpu-1g', 'Standard_NC24ads_A100_v4', 'm5.large'].map(
    (name) => set('instance type', { instanceTypes: [name] }),
  ),
  ...['aws', 'gcp', 'azure', 'runpod', 'lambdalabs'].flatMap((backend) => [
    set('backend', { backends: [backend] }),
    set('backend, gpu', { backends: [backend], gpu: gpu({ count: atLeast(1) }) }),
  ]),
  ...spots.map((spot) => ({ kind: 'anything', requirements: { ...open, spot } })),
]

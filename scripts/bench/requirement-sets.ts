/** What people ask for: more than 200 requirement sets of the kinds a search has to be good at. */
import { openResources } from '#domain/resources'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import { mibPerGb } from '#domain/memory'
import { atLeast, exactly } from '#domain/range'
import { nanoPerUsd } from '#domain/price'

export interface RequirementSet {
  readonly kind: string
  readonly requirements: Requirements
}

/** Asks nothing. */
export const openRequirements: Requirements = {
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
  ...openRequirements,
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
const manyRegions = [
  ...regions,
  'us-east-2',
  'us-west-1',
  'us-west-2',
  'us-central2',
  'europe-west1',
  'europe-west2',
  'eastus2',
  'westus',
  'centralus',
  'northeurope',
  'US',
  'DE',
  'fra1',
  'ams3',
  'lon1',
]
const spots = [null, true, false]

/** The same list every time. The instance types must be some that the catalog has. */
export const requirementSets = (instanceTypes: readonly string[]): readonly RequirementSet[] => [
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
  ...instanceTypes.map((name) => set('instance type', { instanceTypes: [name] })),
  ...spots.flatMap((spot) => [
    set('gpu in many regions', { spot, regions: manyRegions, gpu: gpu({ count: atLeast(1) }) }),
    set('cpu in many regions', { spot, regions: manyRegions, cpu: atLeast(8) }),
    set('selective, dear', { spot, cpu: atLeast(128), memoryMib: atLeast(1024 * mibPerGb) }),
    set('selective, dear', {
      spot,
      gpu: gpu({ count: atLeast(8), totalMemoryMib: atLeast(1000 * mibPerGb) }),
    }),
    set('large disk', { spot, diskMib: atLeast(3000 * mibPerGb), gpu: gpu({ count: atLeast(1) }) }),
    set('no accelerator', { spot, gpu: gpu({ count: exactly(0), vendors: null }) }),
    set('tiny price limit', { spot, maxPriceNanoUsd: 0.003 * nanoPerUsd }),
    set('tiny price limit', { spot, maxPriceNanoUsd: 0.02 * nanoPerUsd, gpu: gpu({}) }),
  ]),
  ...['aws', 'gcp', 'azure', 'runpod', 'lambdalabs'].flatMap((backend) => [
    set('backend', { backends: [backend] }),
    set('backend, gpu', { backends: [backend], gpu: gpu({ count: atLeast(1) }) }),
  ]),
  ...spots.map((spot) => ({ kind: 'anything', requirements: { ...openRequirements, spot } })),
]

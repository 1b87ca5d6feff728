/** What was asked, in words for a person. Parts, so that a printer can break lines between them. */
import type { Configuration } from '#domain/configuration'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import type { Range } from '#domain/range'
import { printMemory } from '#domain/memory'
import { printUsd } from '#domain/price'
import type { OffersAnswer } from './answer.ts'
import { visible } from './text-width.ts'

export const describeRange = (
  range: Range,
  print: (value: number) => string = String,
): string | null => {
  const { min, max } = range
  if (max === null) return min === null || min <= 0 ? null : `${print(min)}..`
  if (min === max) return print(max)
  return `${min === null ? '' : print(min)}..${print(max)}`
}

const describeNames = (names: readonly string[]): string => names.map(visible).join(',')

const whoseGpu = ({ names, vendors }: GpuRequirement): string => {
  if (names !== null)
    return names.length === 0 ? 'GPU of no name (the list is empty)' : describeNames(names)
  return vendors === null ? 'GPU' : `${vendors.join('/')} GPU`
}

export const describeGpu = (gpu: GpuRequirement): string => {
  if (gpu.count.max === 0) return 'no GPU'
  const memory = gpu.memoryMib === null ? null : describeRange(gpu.memoryMib, printMemory)
  const total = gpu.totalMemoryMib === null ? null : describeRange(gpu.totalMemoryMib, printMemory)
  return [
    `${describeRange(gpu.count) ?? '0..'}×${whoseGpu(gpu)}`,
    memory,
    total === null ? null : `${total} in total`,
    gpu.computeCapability === null ? null : `capability ${gpu.computeCapability.join('.')}..`,
  ]
    .filter((part) => part !== null)
    .join(' ')
}

export const describeNeeds = (requirements: Requirements): readonly string[] => {
  const { cpu, memoryMib, gpu, diskMib } = requirements
  const disk = diskMib === null ? null : describeRange(diskMib, printMemory)
  return [
    `${describeRange(cpu) ?? 'any'} cpu`,
    `${describeRange(memoryMib, printMemory) ?? 'any'} memory`,
    ...(gpu === null ? [] : [describeGpu(gpu)]),
    ...(disk === null ? [] : [`${disk} disk`]),
  ]
}

const describeList = (names: readonly string[] | null, singular: string): string => {
  if (names === null) return `any ${singular}`
  if (names.length === 0) return `no ${singular} (the list is empty)`
  return names.map(visible).join(', ')
}

const describeSpot = (spot: boolean | null): string =>
  spot === null ? 'spot or on-demand' : spot ? 'spot only' : 'on-demand only'

export const describePolicy = (
  requirements: Requirements,
  profileName: string | null,
): readonly string[] => {
  const { spot, maxPriceNanoUsd, backends, regions, instanceTypes } = requirements
  return [
    describeSpot(spot),
    maxPriceNanoUsd === null ? 'any price' : `at most $${printUsd(maxPriceNanoUsd)}/h`,
    describeList(backends, 'backend'),
    describeList(regions, 'region'),
    ...(instanceTypes === null ? [] : [describeList(instanceTypes, 'instance type')]),
    ...(profileName === null ? [] : [`profile ${visible(profileName)}`]),
  ]
}

const describeReplicas = ({ min, max }: { min: number; max: number }): string =>
  min === max ? String(min) : `${min}..${max}`

/** What a file is, and what it asks for besides the machine. */
export const describeConfiguration = (configuration: Configuration): readonly string[] => {
  switch (configuration.type) {
    case 'service': {
      const { model, port, replicas } = configuration
      return [
        'service',
        `port ${port.containerPort}`,
        ...(model === null ? [] : [`model ${visible(model.name)}`]),
        `replicas ${describeReplicas(replicas)}`,
      ]
    }
    case 'task': {
      const { nodes, ports } = configuration
      return [
        'task',
        ...(ports.length === 0
          ? []
          : [`ports ${ports.map((port) => port.containerPort).join(', ')}`]),
        `${nodes} ${nodes === 1 ? 'node' : 'nodes'}`,
      ]
    }
    case 'dev-environment':
      return ['dev environment', configuration.ide]
  }
}

/** The lines `Needs` and `Policy`, for a header and for the report of a search that found nothing. */
export const describeRequest = (
  answer: Pick<OffersAnswer, 'requirements' | 'profileName'>,
): readonly (readonly [label: string, parts: readonly string[]])[] => [
  ['Needs', describeNeeds(answer.requirements)],
  ['Policy', describePolicy(answer.requirements, answer.profileName)],
]

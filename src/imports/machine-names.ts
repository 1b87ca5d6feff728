/** One machine of one name, where a source lets a name stand for several. */
import { isSuperchip } from '#domain/gpu-models'
import type { InstanceType } from '#domain/offer'
import { printMemory } from '#domain/memory'
import type { Draft } from './reading.ts'

const acceleratorsOf = ({ gpu, gpuCount }: InstanceType): string =>
  gpu === null ? '' : `${gpu.name}:${printMemory(gpu.memoryMib)}:${gpuCount}`

/** `n1-standard-4+T4:2`: as dstack writes accelerators, with their memory only where it tells apart. */
const nameWith = (type: InstanceType, others: ReadonlySet<string>): string => {
  const { gpu, gpuCount, name } = type
  if (gpu === null) return name
  const alike = [...others].filter((one) => {
    const [model = '', , count = ''] = one.split(':')
    return model === gpu.name && count === String(gpuCount)
  })
  const memory = alike.length > 1 ? `:${printMemory(gpu.memoryMib)}` : ''
  return `${name}+${gpu.name}${memory}:${gpuCount}`
}

const smaller = (left: number | null, right: number | null): number | null =>
  left === null ? right : right === null ? left : Math.min(left, right)

/** What every machine of the name has at least: an answer may be too careful, and never promises too much. */
const least = (left: InstanceType, right: InstanceType): InstanceType =>
  left === right
    ? left
    : {
        ...left,
        cpus: Math.min(left.cpus, right.cpus),
        memoryMib: Math.min(left.memoryMib, right.memoryMib),
        diskMib: smaller(left.diskMib, right.diskMib),
        architecture: left.architecture === right.architecture ? left.architecture : null,
      }

/** A superchip brings an Arm processor, whatever a source that knows only x86 says. */
const withProcessor = (type: InstanceType): InstanceType =>
  type.gpu !== null && isSuperchip(type.gpu.name) && type.architecture !== 'arm64'
    ? { ...type, architecture: 'arm64' }
    : type

/**
 * Drafts whose machines have one name each: those with other accelerators get a name of their own,
 * those that differ in vCPUs, memory or disk become the least of them.
 */
export const withOneMachinePerName = (drafts: readonly Draft[]): readonly Draft[] => {
  const accelerators = new Map<string, Set<string>>()
  for (const { instanceType } of drafts) {
    const seen = accelerators.get(instanceType.name) ?? new Set()
    accelerators.set(instanceType.name, seen.add(acceleratorsOf(instanceType)))
  }
  const machines = new Map<string, InstanceType>()
  const names = drafts.map((draft) => {
    const others = accelerators.get(draft.instanceType.name) ?? new Set()
    const type = withProcessor(draft.instanceType)
    const name = others.size > 1 ? nameWith(type, others) : type.name
    const own = name === type.name ? type : { ...type, name }
    const before = machines.get(name)
    machines.set(name, before === undefined ? own : least(before, own))
    return name
  })
  return drafts.map(({ region, instanceType, spot, priceNanoUsd }, index) => ({
    region,
    instanceType: machines.get(names[index] ?? '') ?? instanceType,
    spot,
    priceNanoUsd,
  }))
}

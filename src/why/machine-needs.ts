/** How far each filter must move for a machine, whatever its region and price. */
import type { ComputeCapability, Gpu } from '#domain/gpu'
import { mibPerGb } from '#domain/memory'
import type { Requirements } from '#domain/requirements'
import { encodeCapability } from '#catalog/tables'
import type { CatalogDictionaries } from '#offers/dictionaries'
import type { Filter } from './filters.ts'
import { gone, lowerLevel, met, never, upperLevel } from './levels.ts'
import type { Machine } from './machines.ts'

/** The level of one filter for a machine. */
export type Need = (machine: Machine) => number

/** A configuration cannot name a smaller disk: below it, the demand must go. */
const leastDiskMib = 50 * mibPerGb

/**
 * One need per filter; null for those that depend on the offer (region and price). A bound on CPUs
 * moves to a whole number, since a configuration can name no other.
 */
export const needsOf = (
  filters: readonly Filter[],
  requirements: Requirements,
  dictionaries: CatalogDictionaries,
): readonly (Need | null)[] => {
  // Where no accelerator will do, a machine without any meets whatever else is asked of them.
  const exempt = requirements.gpu?.count.min === 0
  return filters.map((filter) => {
    if (filter.kind === 'set') return setNeed(filter, exempt, dictionaries)
    if (filter.kind === 'spot') return (machine) => (machine.spot === filter.asked ? met : gone)
    return boundNeed(filter.name, filter.asked, exempt, dictionaries)
  })
}

const setNeed = (
  filter: Extract<Filter, { kind: 'set' }>,
  exempt: boolean,
  { gpus, backends }: CatalogDictionaries,
): Need | null => {
  const wanted = new Set(filter.asked.map((one) => one.toLowerCase()))
  switch (filter.name) {
    case 'gpu-names': {
      const then = filter.thenVendors
      return perGpu(gpus, (gpu) => {
        if (gpu === null) return exempt ? met : then === null ? gone : never
        if (wanted.has(gpu.name.toLowerCase())) return met
        return then === null || then.includes(gpu.vendor) ? gone : never
      })
    }
    case 'gpu-vendors':
      // No key of a configuration names them.
      return perGpu(gpus, (gpu) => ((gpu === null ? exempt : wanted.has(gpu.vendor)) ? met : never))
    case 'backends': {
      const ids = new Set([...backends].filter(([one]) => wanted.has(one.toLowerCase())).map(last))
      return ({ backendId }) => (ids.has(backendId) ? met : gone)
    }
    case 'instance-types':
      return ({ instanceType }) => (wanted.has(instanceType.toLowerCase()) ? met : gone)
    case 'regions':
      return null
  }
}

const last = ([, id]: readonly [string, number]): number => id

/** Asked once for each model of the catalog. */
const perGpu = (gpus: CatalogDictionaries['gpus'], level: (gpu: Gpu | null) => number): Need => {
  const levels = new Map([...gpus].map(([id, gpu]) => [id, level(gpu)]))
  return ({ gpuId }) => levels.get(gpuId) ?? gone
}

const boundNeed = (
  name: Extract<Filter, { kind: 'bound' }>['name'],
  bound: number,
  exempt: boolean,
  { gpus }: CatalogDictionaries,
): Need | null => {
  const memory = (level: typeof lowerLevel): Need =>
    perGpu(gpus, (gpu) => (gpu === null && exempt ? met : level(gpu?.memoryMib ?? 0, bound)))
  const total = (level: typeof lowerLevel): Need => {
    const sizes = new Map([...gpus].map(([id, gpu]) => [id, gpu?.memoryMib ?? 0]))
    return ({ gpuId, gpuCount }) =>
      exempt && gpuCount === 0 ? met : level((sizes.get(gpuId) ?? 0) * gpuCount, bound)
  }
  switch (name) {
    case 'gpu-count-min':
      // A demand for accelerators stays one: its least count moves down to 1, never to 0.
      return ({ gpuCount }) => (gpuCount === 0 ? never : lowerLevel(gpuCount, bound))
    case 'gpu-count-max':
      return ({ gpuCount }) => upperLevel(gpuCount, bound)
    case 'gpu-memory-min':
      return memory(lowerLevel)
    case 'gpu-memory-max':
      return memory(upperLevel)
    case 'gpu-total-memory-min':
      return total(lowerLevel)
    case 'gpu-total-memory-max':
      return total(upperLevel)
    case 'gpu-capability':
      return perGpu(gpus, (gpu) =>
        gpu === null && exempt ? met : capabilityLevel(gpu?.computeCapability ?? null, bound),
      )
    case 'cpu-min':
      return ({ cpuMilli }) =>
        cpuMilli >= Math.ceil(bound * 1000) ? met : -Math.floor(cpuMilli / 1000)
    case 'cpu-max':
      return ({ cpuMilli }) =>
        cpuMilli <= Math.floor(bound * 1000) ? met : Math.ceil(cpuMilli / 1000)
    case 'memory-min':
      return ({ memoryMib }) => lowerLevel(memoryMib, bound)
    case 'memory-max':
      return ({ memoryMib }) => upperLevel(memoryMib, bound)
    case 'disk-min':
      return ({ diskMib }) => (diskMib === null ? met : leastDiskLevel(diskMib, bound))
    case 'disk-max':
      return ({ diskMib }) => (diskMib === null ? met : upperLevel(diskMib, bound))
    case 'max-price':
      return null
  }
}

const capabilityLevel = (has: ComputeCapability | null, bound: number): number =>
  has === null ? gone : lowerLevel(encodeCapability(...has), bound)

const leastDiskLevel = (diskMib: number, bound: number): number =>
  diskMib < bound && diskMib < leastDiskMib ? gone : lowerLevel(diskMib, bound)

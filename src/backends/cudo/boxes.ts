/** Which sizes of a machine type are offered: few, and each one that the type allows. */
import type { MachineType } from './schema.ts'

export interface Box {
  readonly gpuCount: number
  readonly cpus: number
  readonly memoryGib: number
}

export const diskGib = 100

const gpuCounts = [1, 2, 4, 8]
const cpuSteps = [2, 4, 8, 16]
const cpusPerGpu = 4
const gibPerCpu = 4

/** Limits may be infinite, and a limit of 0 makes one of the other: no machine is of that size. */
const within = (wanted: number, least: number, most: number): number | null =>
  least > most || least === Infinity ? null : Math.min(Math.max(wanted, least), most)

const limitOf = (value: number | string | null, otherwise: number): number => {
  const limit = Number(value ?? otherwise)
  return limit >= 0 ? limit : otherwise
}

/** Null where no whole number of GiB is allowed beside so many vCPUs. */
const memoryBeside = (type: MachineType, cpus: number): number | null => {
  const least = cpus / limitOf(type.maxVcpuPerMemoryGib, Infinity)
  const most = cpus / limitOf(type.minVcpuPerMemoryGib, 0)
  return within(cpus * gibPerCpu, Math.max(1, Math.ceil(least)), Math.floor(most))
}

const cpusBeside = (type: MachineType, gpuCount: number): number | null => {
  const least = gpuCount * limitOf(type.minVcpuPerGpu, 0)
  const most = gpuCount * limitOf(type.maxVcpuPerGpu, Infinity)
  return within(gpuCount * cpusPerGpu, Math.max(1, Math.ceil(least)), Math.floor(most))
}

export const hasRoom = (type: MachineType, { gpuCount, cpus, memoryGib }: Box): boolean =>
  gpuCount <= type.maxGpuFree &&
  cpus <= type.maxVcpuFree &&
  memoryGib <= type.maxMemoryGibFree &&
  diskGib <= type.maxStorageGibFree

/** The smallest is offered without room too, so that its price is known; more may not be on any host. */
export const boxesOf = (type: MachineType, hasGpu: boolean): readonly Box[] => {
  const wanted = hasGpu
    ? gpuCounts.map((gpuCount) => ({ gpuCount, cpus: cpusBeside(type, gpuCount) }))
    : cpuSteps.map((cpus) => ({ gpuCount: 0, cpus }))
  const boxes = wanted.flatMap(({ gpuCount, cpus }): readonly Box[] => {
    const memoryGib = cpus === null ? null : memoryBeside(type, cpus)
    return cpus === null || memoryGib === null ? [] : [{ gpuCount, cpus, memoryGib }]
  })
  return boxes.filter((box, index) => index === 0 || hasRoom(type, box))
}

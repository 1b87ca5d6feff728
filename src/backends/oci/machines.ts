/** Machines of the shapes, at the prices of their parts. */
import type { InstanceType } from '#domain/offer'
import { architectureOf, gpuOf } from '#backends/kit/accelerators'
import { mibOfGib, nanoTimes } from '#backends/kit/figures'
import { type GpuShape, gpuShapes } from './gpu-shapes.ts'
import type { PriceList } from './prices.ts'
import { type FixedShape, fixedShapes, type FlexibleShape, flexibleShapes } from './shapes.ts'

interface Priced {
  readonly name: string
  /** Null where the shape is of no known accelerator or of no size. */
  readonly instanceType: InstanceType | null
  /** Null where the list has no price of one of its parts. */
  readonly nanoUsd: number | null
  readonly preemptible: boolean
}

const sum = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? null : one + other

const nanoOfParts = (shape: FixedShape, list: PriceList): number | null => {
  const { ocpu, memory } = shape.parts
  const ofOcpus = nanoTimes(list.priceOf(ocpu, 'OCPU Per Hour'), shape.ocpus)
  if (memory === null) return ofOcpus
  return sum(ofOcpus, nanoTimes(list.priceOf(memory, 'Gigabyte Per Hour'), shape.memoryGib))
}

const diskOf = (gib: number | null): number | null => (gib === null ? null : mibOfGib(gib))

const cpuMachine = (shape: FixedShape, list: PriceList): Priced => {
  const memoryMib = mibOfGib(shape.memoryGib)
  const { name, preemptible, architecture } = shape
  const cpus = shape.ocpus * shape.cpusPerOcpu
  const diskMib = diskOf(shape.diskGib)
  const instanceType: InstanceType | null =
    memoryMib === null
      ? null
      : { name, cpus, memoryMib, gpu: null, gpuCount: 0, diskMib, architecture }
  return { name, preemptible, instanceType, nanoUsd: nanoOfParts(shape, list) }
}

const gpuMachine = (shape: GpuShape, list: PriceList): Priced => {
  const { name, preemptible, cpus, gpuCount } = shape
  const gpu = gpuOf(shape.gpu, shape.gpuGib * 1024)
  const memoryMib = mibOfGib(shape.memoryGib)
  const diskMib = diskOf(shape.diskGib)
  const architecture = architectureOf(gpu) ?? 'x86_64'
  const instanceType: InstanceType | null =
    gpu === null || memoryMib === null
      ? null
      : { name, cpus, memoryMib, gpu, gpuCount, diskMib, architecture }
  const nanoUsd = nanoTimes(list.priceOf(shape.part, 'GPU Per Hour'), gpuCount)
  return { name, preemptible, instanceType, nanoUsd }
}

/** GiB per vCPU: those of the compute, general and memory families of other clouds. */
const ratios = [2, 4, 8]

/** A flexible shape at OCPUs that double, named as Oracle's Karpenter provider does: `….2o.16g`. */
const sizesOf = (shape: FlexibleShape): readonly FixedShape[] => {
  const sizes: FixedShape[] = []
  for (let ocpus = 1; ocpus <= shape.mostOcpus; ocpus *= 2) {
    for (const ratio of ratios) {
      const memoryGib = ocpus * shape.cpusPerOcpu * ratio
      const name = `${shape.name}.${ocpus}o.${memoryGib}g`
      if (memoryGib <= shape.mostGib)
        sizes.push({ ...shape, name, ocpus, memoryGib, diskGib: null })
    }
  }
  return sizes
}

export const machinesAt = (list: PriceList): readonly Priced[] => [
  ...[...flexibleShapes.flatMap(sizesOf), ...fixedShapes].map((shape) => cpuMachine(shape, list)),
  ...gpuShapes.map((shape) => gpuMachine(shape, list)),
]

/** Accelerators of a type, as `DescribeInstanceTypes` tells them. */
import { sliceOf } from '#domain/gpu-models'
import { type Accelerators, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import type { DescribedType, GpuDevice } from './schema.ts'

/** Accelerators that the API has no block of its own for: EC2's page on dl2q gives 8 AI100 of 16 GB. */
const undescribed: ReadonlyMap<string, { readonly name: string; readonly count: number }> = new Map(
  [['dl2q.24xlarge', { name: 'AI100', count: 8 }]],
)

/** Families that exist for their accelerators: where those are not told, they are no CPU machines. */
export const isAccelerated = (type: string): boolean => /^(p|g|gr|inf|trn|dl|f|vt)\d/.test(type)

const unknownModel = 'no known model of accelerator'

const several = (name: string, gpuCount: number, memoryMib?: number): Accelerators | string => {
  const gpu = gpuOf(name, memoryMib)
  if (gpu === null) return unknownModel
  return gpuCount > 0 ? { gpu, gpuCount } : 'number of accelerators not told'
}

/** Sizes are told up to 7 % below the card's, and parts are halves, quarters or eighths. */
const tolerance = 0.08

/** Older answers tell a part by its memory alone. */
const partOf = (device: GpuDevice): Accelerators | string => {
  const card = gpuOf(device.name, undefined)
  if (card === null) return unknownModel
  const share = device.gpuPartitionSize ?? device.memoryInfo.sizeInMiB / card.memoryMib
  const denominator = 2 ** Math.round(-Math.log2(share))
  return denominator >= 2 && Math.abs(share * denominator - 1) <= tolerance
    ? { gpu: sliceOf(card, denominator), gpuCount: device.logicalGpuCount ?? 1 }
    : 'no plain part of a known accelerator'
}

const gpusOf = (device: GpuDevice): Accelerators | string => {
  const isWhole = device.gpuPartitionSize === null || device.gpuPartitionSize === 1
  const whole = gpuOf(device.name, device.memoryInfo.sizeInMiB)
  return isWhole && whole !== null
    ? several(device.name, device.count, device.memoryInfo.sizeInMiB)
    : partOf(device)
}

/**
 * Memory comes from the table of models: the API's figure changes for the same card over time, and is
 * the whole machine's for Trainium2. It only tells the sizes of one name apart. Inferentia stands in
 * two blocks; only the Neuron one is read.
 */
export const acceleratorsOf = (type: DescribedType): Accelerators | string => {
  if (type.fpgaInfo !== null) return 'FPGA machine'
  if (type.mediaAcceleratorInfo !== null) return 'video transcoding machine'
  const [gpu, ...furtherGpus] = type.gpuInfo?.gpus ?? []
  const [device, ...furtherDevices] = type.neuronInfo?.neuronDevices ?? []
  if (furtherGpus.length + furtherDevices.length > 0 || (gpu && device)) {
    return 'accelerators of several models'
  }
  if (gpu) return gpusOf(gpu)
  if (device) return several(device.name, device.count)
  const known = undescribed.get(type.instanceType)
  if (known) return several(known.name, known.count)
  return isAccelerated(type.instanceType) ? 'accelerator not told' : noAccelerators
}

/** The API has named a card after its maker alone. */
export const namesMakerAlone = ({ gpuInfo }: DescribedType): boolean =>
  gpuInfo?.gpus.every(({ name }) => name === 'NVIDIA') ?? false

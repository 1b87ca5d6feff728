import type { Gpu } from '#domain/gpu'
import { findGpu, sliceOf } from '#domain/gpu-models'

interface Device {
  readonly Name: string
  readonly Count: number
  readonly MemoryInfo: { readonly SizeInMiB: number }
}

/** What `DescribeInstanceTypes` says of a type, as far as it is read here. */
export interface DescribedType {
  readonly InstanceType: string
  readonly VCpuInfo: { readonly DefaultVCpus: number }
  readonly MemoryInfo: { readonly SizeInMiB: number }
  readonly ProcessorInfo: { readonly SupportedArchitectures: readonly string[] }
  readonly GpuInfo?: {
    readonly Gpus: readonly (Device & { readonly GpuPartitionSize?: number })[]
  }
  readonly NeuronInfo?: { readonly NeuronDevices: readonly Device[] }
  readonly FpgaInfo?: object
  readonly MediaAcceleratorInfo?: object
}

export type Accelerators =
  | { readonly gpu: Gpu; readonly count: number }
  | { readonly gpu: null; readonly count: 0 }
  | { readonly rejected: string }

const none: Accelerators = { gpu: null, count: 0 }

/** Accelerators that the API has no block for: EC2's own page on dl2q gives 8 AI100 of 16 GB. */
const undescribed: ReadonlyMap<string, { readonly name: string; readonly count: number }> = new Map(
  [['dl2q.24xlarge', { name: 'AI100', count: 8 }]],
)

/** Families that exist for their accelerators: without a block, they are no CPU machines. */
const acceleratedFamily = /^(p\d|g\d|gr\d|inf\d|trn\d|dl\d|f\d|vt\d)/

const named = (name: string, count: number, memoryMib?: number): Accelerators => {
  const gpu = findGpu(name, memoryMib)
  return gpu ? { gpu, count } : { rejected: `accelerator "${name}" is in no table` }
}

const slice = (name: string, share: number): Accelerators => {
  const card = findGpu(name)
  const denominator = Math.round(1 / share)
  if (!card || Math.abs(denominator * share - 1) > 0.01)
    return { rejected: `a share of ${share} of "${name}" is no slice of a known card` }
  return { gpu: sliceOf(card, denominator), count: 1 }
}

/**
 * Memory comes from the table of models: the API's figure changes for the same card over time, and
 * is the whole machine's for Trainium2. It only tells the sizes of one name apart. Inferentia stands
 * in two blocks of the answer; only the Neuron one is read.
 */
export const acceleratorsOf = (type: DescribedType): Accelerators => {
  if (type.FpgaInfo) return { rejected: 'FPGA machine' }
  if (type.MediaAcceleratorInfo) return { rejected: 'video transcoding machine' }
  const devices = [...(type.GpuInfo?.Gpus ?? []), ...(type.NeuronInfo?.NeuronDevices ?? [])]
  const [device, another] = devices
  if (another) return { rejected: 'accelerators of several models' }
  if (!device) {
    const known = undescribed.get(type.InstanceType)
    if (known) return named(known.name, known.count)
    return acceleratedFamily.test(type.InstanceType)
      ? { rejected: 'accelerators of the family are not described' }
      : none
  }
  if (type.NeuronInfo) return named(device.Name, device.Count)
  const share = type.GpuInfo?.Gpus[0]?.GpuPartitionSize ?? 1
  if (share < 1) return slice(device.Name, share)
  return named(device.Name, device.Count, device.MemoryInfo.SizeInMiB)
}

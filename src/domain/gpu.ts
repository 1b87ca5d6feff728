/** Makers of accelerators, as dstack names them; `aws` makes Trainium and Inferentia. */
export const gpuVendors = [
  'nvidia',
  'amd',
  'google',
  'intel',
  'tenstorrent',
  'aws',
  'qualcomm',
  'huawei',
] as const
export type GpuVendor = (typeof gpuVendors)[number]

/** CUDA compute capability, compared as a pair: 8.10 is above 8.9. */
export type ComputeCapability = readonly [major: number, minor: number]

/** A model of accelerator, as an instance type carries it. A slice of a card is a model of its own. */
export interface Gpu {
  /** Canonical name (`A100`, `H100NVL`, `A10-1/6` for a sixth of a card). */
  readonly name: string
  readonly vendor: GpuVendor
  /** Memory of one accelerator, or of the slice, in MiB: the nominal size of the model. */
  readonly memoryMib: number
  readonly computeCapability: ComputeCapability | null
}

export const compareCapability = (left: ComputeCapability, right: ComputeCapability): number =>
  left[0] - right[0] || left[1] - right[1]

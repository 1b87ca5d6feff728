/** Accelerators of synthetic machines: real models with a plausible price of one per hour. */
import type { Gpu } from '#domain/gpu'
import { findGpu } from '#domain/gpu-models'
import { mibPerGb } from '#domain/memory'

export interface Accelerator {
  readonly gpu: Gpu
  readonly usd: number
}

const accelerator = (name: string, memoryGb: number, usd: number): Accelerator => {
  const gpu = findGpu(name, memoryGb * mibPerGb)
  if (!gpu) throw new RangeError(`no accelerator "${name}" of ${memoryGb} GB`)
  const { vendor, memoryMib, computeCapability } = gpu
  return { gpu: { name: gpu.name, vendor, memoryMib, computeCapability }, usd }
}

/** What clouds rent by the machine, frequent ones repeated. */
export const datacenterAccelerators: readonly Accelerator[] = [
  accelerator('T4', 16, 0.35),
  accelerator('T4', 16, 0.35),
  accelerator('V100', 16, 1.6),
  accelerator('L4', 24, 0.6),
  accelerator('L4', 24, 0.6),
  accelerator('A10', 24, 0.8),
  accelerator('A10G', 24, 0.8),
  accelerator('L40S', 48, 1.5),
  accelerator('A100', 40, 2.2),
  accelerator('A100', 80, 3),
  accelerator('A100', 80, 3),
  accelerator('H100', 80, 5),
  accelerator('H100', 80, 5),
  accelerator('H200', 141, 6.5),
  accelerator('B200', 180, 9),
  accelerator('MI300X', 192, 4),
]

/** What private hosts offer on a marketplace. */
export const consumerAccelerators: readonly Accelerator[] = [
  accelerator('RTX3060', 12, 0.06),
  accelerator('RTX3090', 24, 0.15),
  accelerator('RTX3090', 24, 0.15),
  accelerator('RTX4090', 24, 0.3),
  accelerator('RTX4090', 24, 0.3),
  accelerator('RTX4090', 24, 0.3),
  accelerator('RTX5090', 32, 0.5),
  accelerator('RTXA6000', 48, 0.4),
  accelerator('A100', 80, 0.9),
  accelerator('H100', 80, 1.9),
]

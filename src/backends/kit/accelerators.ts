/** Accelerators of a machine, from what a source says of them. */
import type { Gpu } from '#domain/gpu'
import { findGpu, isSuperchip, sliceOf } from '#domain/gpu-models'
import type { CpuArchitecture } from '#domain/offer'

export interface Accelerators {
  readonly gpu: Gpu | null
  readonly gpuCount: number
}

export const noAccelerators: Accelerators = { gpu: null, gpuCount: 0 }

/** What drivers say beyond the model: `NVIDIA H100 80GB HBM3`, `NVIDIA RTX 6000 Ada Generation`. */
const driversWords = /[\s_-](?:HBM\d\w*|Generation|AC|OAM)(?=$|[\s_-])/gi

/** The canonical model; null where the name is unknown or has no size near that memory. */
export const gpuOf = (name: string, memoryMib: number | undefined): Gpu | null => {
  const model = findGpu(name, memoryMib) ?? findGpu(name.replace(driversWords, ''), memoryMib)
  if (!model) return null
  const { name: canonical, vendor, memoryMib: nominal, computeCapability } = model
  return { name: canonical, vendor, memoryMib: nominal, computeCapability }
}

/**
 * What a plan of so much accelerator memory in all carries of a card: several, one, or the part of
 * one whose denominator is whole. Null where it is none of these.
 */
export const cardsOf = (card: Gpu, totalMib: number): Accelerators | null => {
  const share = totalMib / card.memoryMib
  const whole = Math.round(share)
  if (share >= 1 - tolerance) {
    return Math.abs(share - whole) / whole <= tolerance ? { gpu: card, gpuCount: whole } : null
  }
  const denominator = Math.round(1 / share)
  return Math.abs(1 / share - denominator) / denominator <= tolerance
    ? { gpu: sliceOf(card, denominator), gpuCount: 1 }
    : null
}

/** Sources round, and say less than the nominal size. */
const tolerance = 0.08

/** The processor that a superchip brings; of other machines the model says nothing. */
export const architectureOf = (gpu: Gpu | null): CpuArchitecture | null =>
  gpu !== null && isSuperchip(gpu.name) ? 'arm64' : null

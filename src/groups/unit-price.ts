import { mibPerGb } from '#domain/memory'
import type { Gpu } from '#domain/gpu'
import type { PriceRange } from './group.ts'

/** A price shared by `count` accelerators, to the nearest nano-USD, halves up. Never falls as the price rises. */
export const perGpuNanoUsd = (priceNanoUsd: number, count: number): number => {
  const rest = priceNanoUsd % count
  return (priceNanoUsd - rest) / count + Number(rest * 2 >= count)
}

/** Through BigInt: the product may pass the safe integers. */
const perGbNanoUsd = (priceNanoUsd: number, memoryMib: number): number => {
  const [scaled, parts] = [BigInt(priceNanoUsd) * BigInt(mibPerGb), BigInt(memoryMib)]
  return Number((2n * scaled + parts) / (2n * parts))
}

/** The price per accelerator as the price of a GB of its memory. Null without memory. */
export const perMemoryGb = (perGpu: PriceRange | null, gpu: Gpu | null): PriceRange | null =>
  perGpu === null || gpu === null || gpu.memoryMib <= 0
    ? null
    : {
        min: perGbNanoUsd(perGpu.min, gpu.memoryMib),
        max: perGbNanoUsd(perGpu.max, gpu.memoryMib),
      }

export const joinRanges = (
  left: PriceRange | null,
  right: PriceRange | null,
): PriceRange | null => {
  if (left === null || right === null) return left ?? right
  if (left.min <= right.min && right.max <= left.max) return left
  return { min: Math.min(left.min, right.min), max: Math.max(left.max, right.max) }
}

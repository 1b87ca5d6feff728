import { findGpu, sliceOf } from '#domain/gpu-models'
import type { Gpu } from '#domain/gpu'
import { mibPerGb } from '#domain/memory'

/** The accelerators of one instance type. */
interface Cards {
  readonly gpu: Gpu
  /** A part of a card counts as one accelerator of a model of its own. */
  readonly count: number
  /** Cards in terms of whole ones: 0.125 for an eighth. */
  readonly whole: number
}

interface Series {
  readonly types: RegExp
  readonly name: string
  readonly memoryGb: number
}

/** Series whose type names end in the number of cards: `a2-highgpu-8g`. */
const countedSeries: readonly Series[] = [
  { types: /^a2-(?:high|mega)gpu-(\d+)g$/, name: 'A100', memoryGb: 40 },
  { types: /^a2-ultragpu-(\d+)g$/, name: 'A100', memoryGb: 80 },
  { types: /^a3-(?:high|mega)gpu-(\d+)g$/, name: 'H100', memoryGb: 80 },
  { types: /^a3-ultragpu-(\d+)g$/, name: 'H200', memoryGb: 141 },
  { types: /^a4-highgpu-(\d+)g$/, name: 'B200', memoryGb: 180 },
]

/** Series whose type names end in the vCPUs: those of each size have this many cards. */
const sizedSeries: readonly (Series & { readonly cards: Readonly<Record<string, number>> })[] = [
  {
    types: /^g2-standard-(\d+)$/,
    name: 'L4',
    memoryGb: 24,
    cards: { 4: 1, 8: 1, 12: 1, 16: 1, 24: 2, 32: 1, 48: 4, 96: 8 },
  },
  {
    types: /^g4-standard-(\d+)$/,
    name: 'RTXPRO6000',
    memoryGb: 96,
    cards: { 6: 1 / 8, 12: 1 / 4, 24: 1 / 2, 48: 1, 96: 2, 192: 4, 384: 8 },
  },
]

const cardsOfSeries = (series: Series, whole: number): Cards | null => {
  const model = findGpu(series.name, series.memoryGb * mibPerGb)
  if (model === null || !(whole > 0)) return null
  if (whole < 1) return { gpu: sliceOf(model, 1 / whole), count: 1, whole }
  const { name, vendor, memoryMib, computeCapability } = model
  return { gpu: { name, vendor, memoryMib, computeCapability }, count: whole, whole }
}

/** The accelerators of a type of a known series, or null. */
export const cardsOf = (type: string): Cards | null => {
  for (const series of countedSeries) {
    const count = series.types.exec(type)?.[1]
    if (count !== undefined) return cardsOfSeries(series, Number(count))
  }
  for (const series of sizedSeries) {
    const size = series.types.exec(type)?.[1]
    if (size !== undefined) return cardsOfSeries(series, series.cards[size] ?? 0)
  }
  return null
}

/** True for the families that are built around accelerators (g1 is not: a shared-core machine). */
export const isAcceleratorFamily = (type: string): boolean =>
  /^(?:a\d+x?|g(?:[2-9]|\d{2,})|ct\d+\w*|tpu\w*)-/.test(type)

/** The accelerator whose zones say where the older GPU series are sold. */
export const zoneListName = (type: string): string | null => {
  if (type.startsWith('a2-ultragpu-')) return 'nvidia-a100-80gb'
  if (type.startsWith('a2-')) return 'nvidia-tesla-a100'
  return type.startsWith('g2-') ? 'nvidia-l4' : null
}

import type { Gpu } from '#domain/gpu'
import { findGpu, sliceOf } from '#domain/gpu-models'
import { mibPerGb } from '#domain/memory'

/** Cards of a machine: a whole number, or the part of one card. */
type Share = number | `1/${number}`

/**
 * One series of N sizes: its name with `#` for the vCPUs, the model, what a machine of so many vCPUs
 * carries, and the GB of one card where the name has several or Azure gives out less than the card has.
 */
type Series = readonly [
  name: string,
  gpu: string,
  cards: Readonly<Record<number, Share>>,
  memoryGb?: number,
]

/**
 * Figures of Azure's size pages (learn.microsoft.com/azure/virtual-machines/sizes/gpu-accelerated).
 * NC8ads_A10_v4 is left out: no page says which part of a card it has, and at half the price of
 * NC16ads_A10_v4 it is no whole one.
 */
const series: readonly Series[] = [
  ['NC#s_v3', 'V100', { 6: 1, 12: 2, 24: 4 }, 16],
  ['NC#rs_v3', 'V100', { 24: 4 }, 16],
  ['NC#as_T4_v3', 'T4', { 4: 1, 8: 1, 16: 1, 64: 4 }],
  ['NC#ads_A10_v4', 'A10', { 16: 1, 32: 2 }],
  ['NC#ads_A100_v4', 'A100', { 24: 1, 48: 2, 96: 4 }, 80],
  ['NC#ads_H100_v5', 'H100NVL', { 40: 1 }],
  ['NC#adis_H100_v5', 'H100NVL', { 80: 2 }],
  ['NCC#ads_H100_v5', 'H100NVL', { 40: 1 }],
  ['NC#ds_xl_RTXPRO6000BSE_v6', 'RTXPRO6000', { 36: '1/4', 72: '1/2', 144: 1, 288: 2 }],
  ['NC#lds_xl_RTXPRO6000BSE_v6', 'RTXPRO6000', { 24: '1/4', 36: '1/4', 72: '1/2', 144: 1, 288: 2 }],
  ['ND#rs_v2', 'V100', { 40: 8 }, 32],
  ['ND#asr_v4', 'A100', { 96: 8 }, 40],
  ['ND#amsr_A100_v4', 'A100', { 96: 8 }, 80],
  ['ND#isr_H100_v5', 'H100', { 96: 8 }],
  ['ND#isr_H200_v5', 'H200', { 96: 8 }],
  ['ND#is_MI300X_v5', 'MI300X', { 96: 8 }],
  ['ND#isr_MI300X_v5', 'MI300X', { 96: 8 }],
  ['ND#isr_NDR_GB200_v6', 'GB200', { 128: 4 }],
  ['NG#ads_V620_v1', 'V620', { 8: '1/4', 16: '1/2', 32: 1 }],
  ['NV#s_v3', 'M60', { 12: 1, 24: 2, 48: 4 }],
  ['NV#as_v4', 'MI25', { 4: '1/8', 8: '1/4', 16: '1/2', 32: 1 }],
  ['NV#ads_A10_v5', 'A10', { 6: '1/6', 12: '1/3', 18: '1/2', 36: 1, 72: 2 }],
  ['NV#adms_A10_v5', 'A10', { 36: 1 }],
  // Azure gives out 24 of the 28 GB of the board.
  ['NV#ads_V710_v5', 'V710', { 4: '1/6', 8: '1/3', 12: '1/2', 24: 1 }, 24],
  ['NV#adms_V710_v5', 'V710', { 28: 1 }, 24],
]

const seriesByName = new Map(series.map((one) => [one[0], one]))

const card = (name: string, memoryGb: number | undefined): Gpu | null => {
  const model = findGpu(name, memoryGb === undefined ? undefined : memoryGb * mibPerGb)
  if (!model) return null
  const { vendor, memoryMib, computeCapability } = model
  return { name: model.name, vendor, memoryMib, computeCapability }
}

/** What a size has besides its processors. `unknown` is no offer: it must not pass for a CPU machine. */
export type Accelerators =
  | { readonly kind: 'none' }
  | { readonly kind: 'gpu'; readonly gpu: Gpu; readonly gpuCount: number }
  | { readonly kind: 'fpga' }
  | { readonly kind: 'unknown' }

/** The accelerators of an ARM size name, such as `Standard_NV6ads_A10_v5`. */
export const acceleratorsOf = (size: string): Accelerators => {
  const match = /^Standard_(N|P)([A-Z]+)(\d+)(.*)$/.exec(size)
  if (!match) return { kind: 'none' }
  const [, initial = '', family = '', vcpus = '', rest = ''] = match
  if (initial === 'P' || family === 'P') return { kind: 'fpga' }
  const [, name = '', cards, memoryGb] = seriesByName.get(`${initial}${family}#${rest}`) ?? []
  const share = cards?.[Number(vcpus)]
  const gpu = card(name, memoryGb)
  if (!gpu || share === undefined) return { kind: 'unknown' }
  if (typeof share === 'number') return { kind: 'gpu', gpu, gpuCount: share }
  return { kind: 'gpu', gpu: sliceOf(gpu, Number(share.slice(2))), gpuCount: 1 }
}

import type { Gpu } from './gpu.ts'
import { makers, type GpuKind } from './gpu-model-table.ts'
import { mibPerGb } from './memory.ts'

/** A model of accelerator as its maker sells it, in one size of memory. */
export interface GpuModel extends Gpu {
  readonly kind: GpuKind
  /** Other spellings, shared by the sizes of a name. */
  readonly aliases: readonly string[]
}

export const gpuModels: readonly GpuModel[] = makers.flatMap(({ vendor, kind, rows }) =>
  rows.flatMap(([name, sizes, computeCapability, ...aliases]) =>
    (typeof sizes === 'number' ? [sizes] : sizes).map((memoryGb) => ({
      name,
      vendor,
      kind,
      memoryMib: memoryGb * mibPerGb,
      computeCapability,
      aliases,
    })),
  ),
)

/** A size inside a name: `A100-80GB`, `A100 (40 GB SXM4)`, `H100-80G-PCIe`. */
const sizeInName = /[\s_(-](\d{1,3}) ?GB?(?=$|[\s_)-])/i

const plain = (name: string): string => name.toLowerCase().replace(/[\s_()-]/g, '')

const makersNames = /^(nvidia|amd|intel|google|aws|habana|huawei)?(tesla|geforce|instinct)?/

const byKey = (models: readonly GpuModel[]): ReadonlyMap<string, readonly GpuModel[]> => {
  const found = new Map<string, GpuModel[]>()
  for (const model of models)
    for (const key of new Set([model.name, ...model.aliases].map(plain)))
      found.set(key, [...(found.get(key) ?? []), model])
  return found
}

const modelsByKey = byKey(gpuModels)

/** Every size of the model of that name or alias; empty where there is none. */
export const gpusNamed = (name: string): readonly GpuModel[] => {
  const key = plain(name)
  return modelsByKey.get(key) ?? modelsByKey.get(key.replace(makersNames, '')) ?? []
}

/** Clouds report up to 7.8 % less than the nominal size: ECC, firmware, GB for GiB. */
const memoryTolerance = 0.08

const nearestSize = (models: readonly GpuModel[], memoryMib: number): GpuModel | null => {
  let best: GpuModel | null = null
  let least = memoryTolerance
  for (const model of models) {
    const distance = Math.abs(memoryMib - model.memoryMib) / model.memoryMib
    if (distance <= least) {
      best = model
      least = distance
    }
  }
  return best
}

/**
 * The model of that canonical name or alias, compared without case, blanks, `-`, `_`, a maker's name
 * in front and a size inside (`A100-80GB`). `memoryMib`, else the size in the name, picks the nearest
 * size within 8 %; null where no size is that near, and for a name of several sizes without either.
 */
export const findGpu = (name: string, memoryMib?: number): GpuModel | null => {
  const whole = gpusNamed(name)
  const size = whole.length > 0 ? undefined : sizeInName.exec(name)?.[1]
  const models = size === undefined ? whole : gpusNamed(name.replace(sizeInName, ''))
  const wantedMib = memoryMib ?? (size === undefined ? undefined : Number(size) * mibPerGb)
  if (wantedMib !== undefined) return nearestSize(models, wantedMib)
  return models.length === 1 ? (models[0] ?? null) : null
}

/** 1/`denominator` of a card: a model of its own (`A10-1/6`), so that asking for an `A10` never gets one. */
export const sliceOf = (gpu: Gpu, denominator: number): Gpu => ({
  name: `${gpu.name}-1/${denominator}`,
  vendor: gpu.vendor,
  memoryMib: Math.floor(gpu.memoryMib / denominator),
  computeCapability: gpu.computeCapability,
})

/** Whether the accelerator comes with an Arm processor on its board: NVIDIA's Grace and GB10. */
export const isSuperchip = (name: string): boolean => /^G[BH]\d/i.test(name)

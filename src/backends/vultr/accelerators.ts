/** Which card a plan has, and how much of it. */
import type { Gpu } from '#domain/gpu'
import { gpusNamed } from '#domain/gpu-models'
import { type Accelerators, cardsOf, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import type { MetalPlan, Plan } from './schema.ts'

/** GB of the cards Vultr has, where the model is sold in several sizes. */
const ownSizes: ReadonlyMap<string, number> = new Map([
  ['A100', 80],
  ['GH200', 96],
])

/** `NVIDIA_A100`. */
const cardNamed = (type: string): Gpu | null => {
  const name = type.replaceAll('_', ' ')
  const [first] = gpusNamed(name)
  if (!first) return null
  const sizeGb = ownSizes.get(first.name)
  return gpuOf(name, sizeGb === undefined ? undefined : sizeGb * 1024)
}

/** A virtual machine: the memory of the plan's accelerators together says how many, or which part. */
export const acceleratorsOf = (plan: Plan): Accelerators | string => {
  if (plan.gpu_type === null || plan.gpu_type === '') return noAccelerators
  const card = cardNamed(plan.gpu_type)
  if (!card) return 'no known model of accelerator'
  if (plan.gpu_vram_gb === null) return 'memory of the accelerator not told'
  return cardsOf(card, plan.gpu_vram_gb * 1024) ?? 'no plain part of a known accelerator'
}

/** `vbm-112c-2048gb-8-h100-gpu`: older answers say it in the id alone. */
const inId = /-(\d+)-([a-z0-9]+)-gpu$/

/** A bare-metal machine. */
export const metalAcceleratorsOf = (plan: MetalPlan): Accelerators | string => {
  const [, count, model] = inId.exec(plan.id) ?? []
  const type = plan.gpu_type || model
  const gpuCount = plan.gpu_count ?? (count === undefined ? null : Number(count))
  if (!type) return plan.id.includes('gpu') ? 'accelerator not told' : noAccelerators
  const gpu = cardNamed(type)
  if (!gpu) return 'no known model of accelerator'
  if (gpuCount === null || !(gpuCount > 0)) return 'number of accelerators not told'
  return { gpu, gpuCount }
}

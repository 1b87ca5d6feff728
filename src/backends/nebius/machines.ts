/** What a preset of a platform is: `gpu-h100-sxm` with `8gpu-128vcpu-1600gb`. */
import type { Gpu } from '#domain/gpu'
import type { InstanceType } from '#domain/offer'
import { architectureOf, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import { mibOfGib } from '#backends/kit/figures'
import type { Platform, Preset } from './schema.ts'

/** Nebius's short name is that of another card, of 2018, which has a quarter of the memory. */
const ownNames: Readonly<Record<string, string>> = { rtx6000: 'RTX PRO 6000' }

/** `gpu-b200-sxm-a`: the model, its form, and a letter for the generation of the machine. */
const namesIn = ({ metadata: { name }, spec }: Platform): readonly string[] => {
  const parts = name.replace(/^gpu-/, '').split('-')
  const shorter = parts.map((_, index) => parts.slice(0, parts.length - index).join('-'))
  return [
    ...shorter.map((one) => ownNames[one] ?? one),
    spec.short_human_readable_name,
    spec.human_readable_name,
  ]
}

const memoryMibOf = ({ spec }: Platform): number | undefined => {
  const gb = spec.gpu_memory_gigabytes || spec.gpu_memory_gibibytes
  return gb > 0 ? gb * 1024 : undefined
}

const cardOf = (platform: Platform): Gpu | null => {
  for (const name of namesIn(platform)) {
    const gpu = name === '' ? null : gpuOf(name, memoryMibOf(platform))
    if (gpu !== null) return gpu
  }
  return null
}

/** The machine, or why it is none. */
export const machineOf = (platform: Platform, preset: Preset): InstanceType | string => {
  const { vcpu_count: cpus, memory_gibibytes: gib, gpu_count: gpuCount } = preset.resources ?? {}
  const memoryMib = mibOfGib(gib ?? 0)
  if (preset.name === '') return 'a preset without name'
  if (cpus === undefined || !(cpus > 0) || memoryMib === null) return 'no vCPU or no memory'
  const isGpu = (gpuCount ?? 0) > 0 || platform.metadata.name.startsWith('gpu-')
  const gpu = isGpu ? cardOf(platform) : null
  if (isGpu && gpu === null) return 'no known model of accelerator'
  if (isGpu && !gpuCount) return 'no count of accelerators'
  return {
    name: `${platform.metadata.name} ${preset.name}`,
    cpus,
    memoryMib,
    ...(gpu === null ? noAccelerators : { gpu, gpuCount: gpuCount ?? 0 }),
    diskMib: null,
    architecture: architectureOf(gpu),
  }
}

/** TPUs of one host, by the names that the TPU API and dstack give them. */
import type { InstanceType } from '#domain/offer'
import { mibPerGb } from '#domain/memory'
import { gpuOf } from '#backends/kit/accelerators'

interface Tpu {
  readonly name: string
  readonly model: string
  readonly memoryGb: number
  readonly chips: number
  readonly cpus: number
  readonly hostMemoryGib: number
  /** Description of its SKU, without its place. */
  readonly label: string
  /** How many chips that price is of: one, or all of the host. */
  readonly chipsPriced: number
}

const v5e = { model: 'v5litepod', memoryGb: 16, label: 'TpuV5e', chipsPriced: 1 }
const v6e = { model: 'v6e', memoryGb: 32, label: 'TpuV6e', chipsPriced: 1 }
const oldHost = { chips: 4, cpus: 96, hostMemoryGib: 334, chipsPriced: 4 }

export const tpus: readonly Tpu[] = [
  { name: 'v2-8', model: 'v2', memoryGb: 16, label: 'TPU-v2 Accelerator', ...oldHost },
  { name: 'v3-8', model: 'v3', memoryGb: 32, label: 'TPU-v3 Accelerator', ...oldHost },
  { name: 'v5litepod-1', ...v5e, chips: 1, cpus: 24, hostMemoryGib: 48 },
  { name: 'v5litepod-4', ...v5e, chips: 4, cpus: 112, hostMemoryGib: 192 },
  { name: 'v5litepod-8', ...v5e, chips: 8, cpus: 224, hostMemoryGib: 384 },
  {
    // The number in the name counts cores, two to a chip.
    name: 'v5p-8',
    model: 'v5p',
    memoryGb: 95,
    label: 'TpuV5p',
    chipsPriced: 1,
    chips: 4,
    cpus: 208,
    hostMemoryGib: 448,
  },
  { name: 'v6e-1', ...v6e, chips: 1, cpus: 44, hostMemoryGib: 176 },
  { name: 'v6e-4', ...v6e, chips: 4, cpus: 180, hostMemoryGib: 720 },
  // Sources differ: 180 or 360 vCPUs. The lower promises nothing that is not there.
  { name: 'v6e-8', ...v6e, chips: 8, cpus: 180, hostMemoryGib: 1440 },
]

export const tpuNamed = (name: string): Tpu | null => tpus.find((one) => one.name === name) ?? null

/** Whether a name is of a known generation, whatever its size. */
export const isKnownTpu = (name: string): boolean => /^(v[234]|v5litepod|v5p|v6e)-\d+$/.test(name)

export const tpuLabels: ReadonlySet<string> = new Set(tpus.map(({ label }) => label))

export const machineOfTpu = (tpu: Tpu): InstanceType => ({
  name: tpu.name,
  cpus: tpu.cpus,
  memoryMib: tpu.hostMemoryGib * mibPerGb,
  gpu: gpuOf(tpu.model, tpu.memoryGb * mibPerGb),
  gpuCount: tpu.chips,
  diskMib: null,
  architecture: null,
})

/** Accelerators as machine types name them, and as SKUs do. */
import type { Gpu } from '#domain/gpu'
import { sliceOf } from '#domain/gpu-models'
import { mibPerGb } from '#domain/memory'
import { gpuOf } from '#backends/kit/accelerators'

interface Named {
  readonly name: string
  readonly memoryGb: number
  /** Descriptions of its SKU, without their places; none is known of the newest. */
  readonly labels: readonly string[]
}

const named: ReadonlyMap<string, Named> = new Map([
  ['nvidia-tesla-k80', { name: 'K80', memoryGb: 12, labels: ['Nvidia Tesla K80 GPU'] }],
  ['nvidia-tesla-p100', { name: 'P100', memoryGb: 16, labels: ['Nvidia Tesla P100 GPU'] }],
  ['nvidia-tesla-p4', { name: 'P4', memoryGb: 8, labels: ['Nvidia Tesla P4 GPU'] }],
  ['nvidia-tesla-t4', { name: 'T4', memoryGb: 16, labels: ['Nvidia Tesla T4 GPU'] }],
  ['nvidia-tesla-v100', { name: 'V100', memoryGb: 16, labels: ['Nvidia Tesla V100 GPU'] }],
  ['nvidia-tesla-a100', { name: 'A100', memoryGb: 40, labels: ['Nvidia Tesla A100 GPU'] }],
  ['nvidia-a100-80gb', { name: 'A100', memoryGb: 80, labels: ['Nvidia Tesla A100 80GB GPU'] }],
  ['nvidia-h100-80gb', { name: 'H100', memoryGb: 80, labels: ['Nvidia H100 80GB GPU'] }],
  [
    'nvidia-h100-mega-80gb',
    {
      name: 'H100',
      memoryGb: 80,
      labels: ['Nvidia H100 80GB Mega GPU', 'Nvidia H100 80GB Plus GPU'],
    },
  ],
  ['nvidia-h200-141gb', { name: 'H200', memoryGb: 141, labels: ['H200 141GB GPU'] }],
  ['nvidia-b200', { name: 'B200', memoryGb: 180, labels: ['A4 Nvidia B200 (1 gpu slice)'] }],
  ['nvidia-gb200', { name: 'GB200', memoryGb: 186, labels: [] }],
  ['nvidia-gb300', { name: 'GB300', memoryGb: 279, labels: [] }],
  ['nvidia-l4', { name: 'L4', memoryGb: 24, labels: ['Nvidia L4 GPU'] }],
  ['nvidia-rtx-pro-6000', { name: 'RTXPRO6000', memoryGb: 96, labels: ['RTX 6000 96GB'] }],
])

export const cardOf = (accelerator: string): Gpu | null => {
  const model = named.get(accelerator)
  return model === undefined ? null : gpuOf(model.name, model.memoryGb * mibPerGb)
}

export const labelsOf = (accelerator: string): readonly string[] =>
  named.get(accelerator)?.labels ?? []

export const acceleratorLabels: ReadonlySet<string> = new Set(
  [...named.values()].flatMap(({ labels }) => labels),
)

/** Machines with a part of a card: one divided by this. */
const parts: ReadonlyMap<string, number> = new Map([
  ['g4-standard-6', 8],
  ['g4-standard-12', 4],
  ['g4-standard-24', 2],
])

export const partOf = (machine: string): number => parts.get(machine) ?? 1

export const carried = (machine: string, card: Gpu): Gpu =>
  partOf(machine) === 1 ? card : sliceOf(card, partOf(machine))

/** The largest n1 machine that so many cards may be attached to. */
interface Attachable {
  readonly accelerator: string
  readonly count: number
  readonly mostCpus: number
  readonly mostMemoryMib: number
}

const rows: readonly (readonly [string, number, number, number])[] = [
  ['nvidia-tesla-t4', 1, 48, 312],
  ['nvidia-tesla-t4', 2, 48, 312],
  ['nvidia-tesla-t4', 4, 96, 624],
  ['nvidia-tesla-p4', 1, 24, 156],
  ['nvidia-tesla-p4', 2, 48, 312],
  ['nvidia-tesla-p4', 4, 96, 624],
  ['nvidia-tesla-v100', 1, 12, 78],
  ['nvidia-tesla-v100', 2, 24, 156],
  ['nvidia-tesla-v100', 4, 48, 312],
  ['nvidia-tesla-v100', 8, 96, 624],
  ['nvidia-tesla-p100', 1, 16, 104],
  ['nvidia-tesla-p100', 2, 32, 208],
  // Some zones allow 96 vCPUs and 624 GB; this much every zone does.
  ['nvidia-tesla-p100', 4, 64, 208],
]

export const attachables: readonly Attachable[] = rows.map(
  ([accelerator, count, mostCpus, memoryGib]) => ({
    accelerator,
    count,
    mostCpus,
    mostMemoryMib: memoryGib * mibPerGb,
  }),
)

/** Accelerators as SkyPilot's rows tell of them. */
import { type Accelerators, gpuOf, noAccelerators } from '#backends/kit/accelerators'
import type { Gpu } from '#domain/gpu'
import { sliceOf } from '#domain/gpu-models'
import { mibPerGb } from '#domain/memory'
import type { SkypilotRow } from './skypilot-row.ts'

/** Backends whose rows give the memory of all accelerators together as that of one. */
const totalIsGiven = new Set(['verda', 'vastai', 'primeintellect'])

/** What a bare name means there, where the row gives no memory: the larger one has its size in the name. */
const bareSizesGb: ReadonlyMap<string, number> = new Map([
  ['A100', 40],
  ['V100', 16],
  ['P100', 16],
])

/** `A100-80GB-320GB` -> `A100-80GB`: the memory of four after that of one. */
const nameOf = (accelerator: string): string => accelerator.replace(/(-\d+GB)-\d+GB$/, '$1')

/** No accelerator has less than a GiB: what is smaller is written in GiB. */
const leastMib = 1024

const memoryMibOf = (row: SkypilotRow, backend: string): number | undefined => {
  const { acceleratorSize: size, acceleratorCount: count } = row
  if (size === null) {
    const bareGb = bareSizesGb.get(row.accelerator)
    return bareGb === undefined ? undefined : bareGb * mibPerGb
  }
  const mib = size < leastMib ? size * mibPerGb : size
  return totalIsGiven.has(backend) && count > 1 ? mib / count : mib
}

/** 0.167 -> 6, 0.333 -> 3. */
const denominatorOf = (count: number): number | null => {
  const denominator = Math.round(1 / count)
  return Math.abs(1 / count - denominator) <= 0.02 * denominator ? denominator : null
}

const ofCard = (card: Gpu, count: number): Accelerators | string => {
  if (Number.isInteger(count)) return { gpu: card, gpuCount: count }
  const denominator = count < 1 ? denominatorOf(count) : null
  return denominator === null
    ? 'no whole number of accelerators, nor a part of one'
    : { gpu: sliceOf(card, denominator), gpuCount: 1 }
}

export const isTpu = ({ accelerator }: SkypilotRow): boolean => /^tpu-/i.test(accelerator)

/** What the row's machine carries, or why that is not known. */
export const acceleratorsOfRow = (row: SkypilotRow, backend: string): Accelerators | string => {
  const { accelerator, acceleratorCount: count } = row
  if (accelerator === '') return noAccelerators
  if (count === 0) return 'accelerators without a number'
  const card = gpuOf(nameOf(accelerator), memoryMibOf(row, backend))
  return card === null ? 'accelerators unknown' : ofCard(card, count)
}

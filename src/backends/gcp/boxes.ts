/** Machines and what they are made of. */
import type { CpuArchitecture, InstanceType } from '#domain/offer'
import { architectureOf } from '#backends/kit/accelerators'
import { mibOfMib } from '#backends/kit/figures'
import { cardOf, carried, partOf } from './accelerators.ts'
import { familyOf, isAccelerated } from './families.ts'
import { localSsdGib } from './local-disks.ts'
import type { MachineType } from './schema.ts'

export interface Box {
  /** Its machine type; the name of the offer says more where cards are attached. */
  readonly machine: string
  readonly instanceType: InstanceType
  /** As machine types name it; null without. */
  readonly accelerator: string | null
  /** Cards paid for: `amount / per`. */
  readonly cards: { readonly amount: number; readonly per: number }
  /** Null where nobody tells. */
  readonly localSsdGib: number | null
}

const noCards = { amount: 0, per: 1 }

/**
 * Shares of a vCPU that Google's documentation gives for shared-core types, and that they pay for. The
 * guest sees more, but may use no more than this for long.
 */
const sharedCpus: ReadonlyMap<string, number> = new Map([
  ['e2-micro', 0.25],
  ['e2-small', 0.5],
  ['e2-medium', 1],
  ['f1-micro', 0.2],
  ['g1-small', 0.5],
])

const architecture = ({ name, architecture: told }: MachineType): CpuArchitecture | null => {
  if (told === 'ARM64') return 'arm64'
  if (told === 'X86_64') return 'x86_64'
  const family = familyOf(name)
  if (family === null) return null
  return family.arm === true ? 'arm64' : 'x86_64'
}

const problemOf = ({ name, deprecated, accelerators }: MachineType): string | null => {
  if (deprecated?.state) return 'machine type deprecated'
  if (/^(ct\d|tpu)/.test(name)) return 'machine of a TPU, sold as one'
  if ((accelerators?.length ?? 0) > 1) return 'accelerators of several models'
  if (isAccelerated(name) && !accelerators?.[0]) return 'accelerator not told'
  return null
}

/** A machine of an account's list, or why it is none to offer. */
export const boxOf = (type: MachineType): Box | string => {
  const problem = problemOf(type)
  if (problem !== null) return problem
  const { name, accelerators, bundledLocalSsds } = type
  const [told] = accelerators ?? []
  const card = told === undefined ? null : cardOf(told.guestAcceleratorType)
  if (told !== undefined && card === null) return 'no known model of accelerator'
  const per = partOf(name)
  const count = per === 1 ? (told?.guestAcceleratorCount ?? 0) : 1
  if (told !== undefined && !(Number.isSafeInteger(count) && count > 0)) {
    return 'number of accelerators not told'
  }
  const memoryMib = mibOfMib(type.memoryMb)
  const cpus = sharedCpus.get(name) ?? type.guestCpus
  if (memoryMib === null || !(cpus > 0)) return 'no vCPU or no memory'
  const gpu = card === null ? null : carried(name, card)
  return {
    machine: name,
    instanceType: {
      name,
      cpus,
      memoryMib,
      gpu,
      gpuCount: card === null ? 0 : count,
      diskMib: null,
      architecture: architectureOf(gpu) ?? architecture(type),
    },
    accelerator: told?.guestAcceleratorType ?? null,
    cards: card === null ? noCards : { amount: count, per },
    localSsdGib: localSsdGib(name, bundledLocalSsds?.partitionCount ?? 0),
  }
}

/** A machine that is known by name, where no account's list is read. */
export const boxOfKnown = (instanceType: InstanceType): Box | string => {
  const { name, gpu, gpuCount } = instanceType
  const accelerator = gpu === null ? null : (familyOf(name)?.accelerator ?? null)
  if (gpu !== null && accelerator === null) return 'no known model of accelerator'
  const cards = gpu === null ? noCards : { amount: gpuCount, per: partOf(name) }
  return { machine: name, instanceType, accelerator, cards, localSsdGib: localSsdGib(name, null) }
}

/** An n1 machine with cards attached: named after both, since it is sold beside the bare machine. */
export const withCards = (box: Box, accelerator: string, count: number): Box | null => {
  const gpu = cardOf(accelerator)
  if (gpu === null) return null
  const name = `${box.machine}+${count}x${gpu.name}`
  return {
    ...box,
    instanceType: { ...box.instanceType, name, gpu, gpuCount: count },
    accelerator,
    cards: { amount: count, per: 1 },
  }
}

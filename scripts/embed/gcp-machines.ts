import type { CpuArchitecture, InstanceType } from '#domain/offer'
import { mibPerGb } from '#domain/memory'
import { cardsOf, isAcceleratorFamily } from './gcp-gpus.ts'
import type { PricedType } from './gcp-prices.ts'
import type { ListedType } from './gcp-tables.ts'

type Machine =
  | { readonly instanceType: InstanceType }
  /** Why there is no such instance type to offer. */
  | { readonly rejected: string }

/**
 * Shares of a vCPU that Google's documentation gives for the shared-core types. The guest sees two
 * vCPUs (E2) or one (f1, g1), but may use no more than this for long, and pays for no more.
 */
const sharedCpus: ReadonlyMap<string, number> = new Map([
  ['e2-micro', 0.25],
  ['e2-small', 0.5],
  ['e2-medium', 1],
  ['f1-micro', 0.2],
  ['g1-small', 0.5],
])

const armFamilies = new Set(['t2a', 'c4a', 'n4a'])

const architectureOf = (type: string): CpuArchitecture =>
  armFamilies.has(type.split('-')[0] ?? '') ? 'arm64' : 'x86_64'

interface Size {
  readonly cpus: number
  readonly memoryGib: number
}

const sizeOf = (type: PricedType, listed: ListedType | undefined): Size | string => {
  const cpus = sharedCpus.get(type.name) ?? type.cpus ?? listed?.cpus
  const memoryGib = type.memoryGib ?? listed?.memoryGib
  if (!cpus || !memoryGib) return 'vCPU or memory unknown'
  const differs =
    listed !== undefined &&
    (listed.memoryGib !== memoryGib || (listed.cpus !== cpus && !sharedCpus.has(type.name)))
  return differs ? 'vCPU or memory differ between price list and type table' : { cpus, memoryGib }
}

const namedOut = (type: PricedType, listed: ListedType | undefined): string | null => {
  if (/(?:^|-)custom-/.test(type.name)) return 'custom machine, no instance type'
  if (/-node-/.test(type.name)) return 'sole-tenant node, no instance type'
  return listed?.deprecated === true ? 'instance type deprecated' : null
}

/** The instance type behind a name of the price list, or why there is none. */
export const machineOf = (type: PricedType, listed: ListedType | undefined): Machine => {
  const out = namedOut(type, listed)
  if (out !== null) return { rejected: out }
  const size = sizeOf(type, listed)
  if (typeof size === 'string') return { rejected: size }
  const cards = cardsOf(type.name)
  if (!cards && (isAcceleratorFamily(type.name) || type.accelerators > 0)) {
    return { rejected: 'accelerators unknown' }
  }
  if (cards && cards.whole !== type.accelerators) {
    return { rejected: 'number of accelerators differs from the price list' }
  }
  return {
    instanceType: {
      name: type.name,
      cpus: size.cpus,
      memoryMib: Math.round(size.memoryGib * mibPerGb),
      gpu: cards?.gpu ?? null,
      gpuCount: cards?.count ?? 0,
      diskMib: null,
      architecture: architectureOf(type.name),
    },
  }
}

/** A row of SkyPilot's catalogs (`vms.csv`, schemas v5 to v8), its figures read. */
import { parseUsd } from '#domain/price'
import type { CpuArchitecture } from '#domain/offer'
import type { CsvRow } from '#platform/csv'

export interface SkypilotRow {
  /** Empty for an accelerator that is attached to machines, and for TPUs. */
  readonly instanceType: string
  readonly cpus: number | null
  readonly memoryGib: number | null
  readonly accelerator: string
  readonly acceleratorCount: number
  /** MiB of one accelerator, of all together or GiB of one: what clouds put there differs. */
  readonly acceleratorSize: number | null
  readonly diskGib: number | null
  readonly architecture: CpuArchitecture | null
  readonly region: string
  readonly zone: string
  /** Nano-USD; null where the row has none, 0 where it says so. */
  readonly onDemand: number | null
  readonly spot: number | null
}

const figure = (text: string | undefined): number | null | 'unreadable' => {
  const trimmed = text?.trim() ?? ''
  if (trimmed === '') return null
  return /^\d+(\.\d*)?$/.test(trimmed) ? Number(trimmed) : 'unreadable'
}

const price = (text: string | undefined): number | null | 'unreadable' => {
  const trimmed = text?.trim() ?? ''
  if (trimmed === '') return null
  const nanoUsd = parseUsd(trimmed)
  return nanoUsd === null || nanoUsd < 0 ? 'unreadable' : nanoUsd
}

/** i386 is what older x86 machines run as well. */
const architectures: ReadonlyMap<string, CpuArchitecture> = new Map([
  ['arm64', 'arm64'],
  ['x86_64', 'x86_64'],
  ['i386', 'x86_64'],
])

/** Python or JSON, in any case, or a bare name: only the size is wanted of it. */
const sizeInInfo = /sizeinmib['"]?\s*:\s*(\d+(?:\.\d+)?)/i

const sizeOf = (info: string | undefined): number | null => {
  const size = Number(sizeInInfo.exec(info ?? '')?.[1] ?? 0)
  return size > 0 ? size : null
}

/** The row, or why it cannot be read. */
export const readSkypilotRow = (row: CsvRow): SkypilotRow | string => {
  const cpus = figure(row['vCPUs'])
  const memoryGib = figure(row['MemoryGiB'])
  const acceleratorCount = figure(row['AcceleratorCount'])
  const diskGib = figure(row['StorageGiB'])
  const onDemand = price(row['Price'])
  const spot = price(row['SpotPrice'])
  if (row['Price'] === undefined || row['Region'] === undefined) return 'the row is cut short'
  if (cpus === 'unreadable') return 'vCPUs: expected a number'
  if (memoryGib === 'unreadable') return 'MemoryGiB: expected a number'
  if (acceleratorCount === 'unreadable') return 'AcceleratorCount: expected a number'
  if (diskGib === 'unreadable') return 'StorageGiB: expected a number'
  if (onDemand === 'unreadable') return 'Price: expected dollars an hour'
  if (spot === 'unreadable') return 'SpotPrice: expected dollars an hour'
  return {
    instanceType: row['InstanceType']?.trim() ?? '',
    cpus,
    memoryGib,
    accelerator: row['AcceleratorName']?.trim() ?? '',
    acceleratorCount: acceleratorCount ?? 0,
    acceleratorSize: sizeOf(row['GpuInfo'] ?? row['GPUInfo']),
    diskGib,
    architecture: architectures.get(row['Arch'] ?? '') ?? null,
    region: row['Region'].trim(),
    zone: row['AvailabilityZone']?.trim() ?? '',
    onDemand,
    spot,
  }
}

/** The variants of a catalog file: an instance type, spot or on-demand, in stock or not. */
import { variantBits } from '#catalog/tables'
import type { Sqlite } from '#platform/sqlite'

export interface Machine {
  /** Of the variant. Ids grow with backend, instance type, and on-demand before spot. */
  readonly id: number
  readonly backendId: number
  readonly instanceType: string
  readonly cpuMilli: number
  readonly memoryMib: number
  readonly gpuId: number
  readonly gpuCount: number
  readonly diskMib: number | null
  readonly spot: boolean
  readonly offers: number
  readonly leastStanding: number
  readonly greatestStanding: number
}

type Row = readonly [
  id: number,
  backendId: number,
  instanceType: string,
  cpuMilli: number,
  memoryMib: number,
  gpuId: number,
  gpuCount: number,
  diskMib: number | null,
  offers: number,
  leastStanding: number,
  greatestStanding: number,
]

const statement = `
  SELECT variant.id, variant.backend_id, instance_type.name, variant.cpu_milli,
    variant.memory_mib, instance_type.gpu_id, variant.gpu_count, variant.disk_mib, variant.offers,
    variant.min_standing, variant.max_standing
  FROM variant CROSS JOIN instance_type
  WHERE instance_type.id = variant.id / ${variantBits.perInstanceType}`

interface Kept {
  readonly version: unknown
  readonly machines: readonly Machine[]
}

/** What was read last, for as long as the file stays the same. */
const kept = new WeakMap<Sqlite, Kept>()

export const readMachines = (database: Sqlite): readonly Machine[] => {
  const version = database.pragma('data_version', { simple: true })
  const known = kept.get(database)
  if (known !== undefined && known.version === version) return known.machines
  const machines = database.prepare<[], Row>(statement).raw().all().map(toMachine)
  kept.set(database, { version, machines })
  return machines
}

const toMachine = ([
  id,
  backendId,
  instanceType,
  cpuMilli,
  memoryMib,
  gpuId,
  gpuCount,
  diskMib,
  offers,
  leastStanding,
  greatestStanding,
]: Row): Machine => ({
  id,
  backendId,
  instanceType,
  cpuMilli,
  memoryMib,
  gpuId,
  gpuCount,
  diskMib,
  spot: id % 2 === variantBits.spot,
  offers,
  leastStanding,
  greatestStanding,
})

/** What the history holds at a generation, as it is stored. */
import type { Sqlite } from '#platform/sqlite'
import type { Generation } from './generations.ts'

/** The last change of an offer up to a generation. */
export interface HeldRow {
  readonly offerId: number
  readonly instanceTypeId: number
  readonly name: string
  readonly region: string | null
  readonly spot: number
  readonly price: number | null
  /** Null where the offer was gone. */
  readonly stock: number | null
  /** When it became so, in seconds since 1970. */
  readonly since: number
}

type RawRow = readonly [
  offerId: number,
  instanceTypeId: number,
  name: string,
  regionId: number | null,
  spot: number,
  price: number | null,
  stock: number | null,
  generation: number,
]

const pairs = <Value>(
  database: Sqlite,
  sql: string,
  backendId: number,
): ReadonlyMap<number, Value> =>
  new Map(database.prepare<[number], [number, Value]>(sql).raw().all(backendId))

/**
 * Offers that are gone are among them; those not yet seen are not. Names of regions and times are
 * few, and looked up here: joined to each row they would cost more than all else.
 */
export const heldRows = (
  database: Sqlite,
  { backendId, id }: Pick<Generation, 'backendId' | 'id'>,
): readonly HeldRow[] => {
  const regions = pairs<string>(
    database,
    `SELECT id, text FROM word WHERE id IN (
       SELECT region_id FROM offer JOIN instance_type ON instance_type.id = instance_type_id
       WHERE backend_id = ?)`,
    backendId,
  )
  const times = pairs<number>(
    database,
    'SELECT id, recorded_at FROM generation WHERE backend_id = ?',
    backendId,
  )
  return database
    .prepare<{ backend: number; generation: number }, RawRow>(
      `SELECT offer.id, instance_type_id, instance_type.name, region_id, spot, price, stock,
         change.generation
       FROM instance_type
       JOIN offer ON instance_type_id = instance_type.id
       JOIN change ON offer_id = offer.id AND change.generation = (
         SELECT max(generation) FROM change AS other
         WHERE other.offer_id = offer.id AND other.generation <= @generation)
       WHERE instance_type.backend_id = @backend`,
    )
    .raw()
    .all({ backend: backendId, generation: id })
    .map(([offerId, instanceTypeId, name, regionId, spot, price, stock, generation]) => ({
      offerId,
      instanceTypeId,
      name,
      region: regionId === null ? null : (regions.get(regionId) ?? null),
      spot,
      price,
      stock,
      since: times.get(generation) ?? 0,
    }))
}

export interface MachineRow {
  readonly instanceTypeId: number
  readonly name: string
  readonly cpuMilli: number
  readonly memoryMib: number
  readonly gpuName: string | null
  readonly gpuVendor: string | null
  readonly gpuMemoryMib: number | null
  readonly gpuCapability: number | null
  readonly gpuCount: number
  readonly diskMib: number | null
  readonly architecture: string | null
}

/** What each instance type was, at a generation. */
export const machineRows = (
  database: Sqlite,
  { backendId, id }: Pick<Generation, 'backendId' | 'id'>,
): readonly MachineRow[] =>
  database
    .prepare<{ backend: number; generation: number }, MachineRow>(
      `SELECT instance_type.id AS instanceTypeId, instance_type.name, cpu_milli AS cpuMilli,
         machine.memory_mib AS memoryMib, gpu.name AS gpuName, gpu.vendor AS gpuVendor,
         gpu.memory_mib AS gpuMemoryMib, gpu.capability AS gpuCapability, gpu_count AS gpuCount,
         disk_mib AS diskMib, architecture
       FROM instance_type
       JOIN machine ON instance_type_id = instance_type.id AND machine.generation = (
         SELECT max(generation) FROM machine AS other
         WHERE other.instance_type_id = instance_type.id AND other.generation <= @generation)
       LEFT JOIN gpu ON gpu.id = gpu_id
       WHERE instance_type.backend_id = @backend`,
    )
    .all({ backend: backendId, generation: id })

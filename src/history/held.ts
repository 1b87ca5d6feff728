/** What the history says that a backend had, at any of its generations. */
import { stockLevels } from '#catalog/tables'
import type { BackendOffers } from '#catalog/replace'
import type { ComputeCapability, Gpu } from '#domain/gpu'
import { gpuVendors } from '#domain/gpu'
import { type InstanceType, type Offer, offerId } from '#domain/offer'
import { printInstant } from '#platform/http-time'
import type { Sqlite } from '#platform/sqlite'
import type { Generation } from './generations.ts'
import { heldRows, type MachineRow, machineRows } from './held-rows.ts'

const toCapability = (encoded: number | null): ComputeCapability | null =>
  encoded === null ? null : [Math.floor(encoded / 1000), encoded % 1000]

const toGpu = ({ gpuName, gpuVendor, gpuMemoryMib, gpuCapability }: MachineRow): Gpu | null => {
  const vendor = gpuVendors.find((one) => one === gpuVendor)
  if (gpuName === null || gpuMemoryMib === null || vendor === undefined) return null
  const computeCapability = toCapability(gpuCapability)
  return { name: gpuName, vendor, memoryMib: gpuMemoryMib, computeCapability }
}

const toArchitecture = (text: string | null): InstanceType['architecture'] =>
  text === 'x86_64' || text === 'arm64' ? text : null

const toInstanceType = (row: MachineRow): InstanceType => ({
  name: row.name,
  cpus: row.cpuMilli / 1000,
  memoryMib: row.memoryMib,
  gpu: toGpu(row),
  gpuCount: row.gpuCount,
  diskMib: row.diskMib,
  architecture: toArchitecture(row.architecture),
})

interface Seen {
  readonly source: string
  readonly observedAt: number | null
  readonly notes: string
  readonly importer: string
}

const seenAt = (database: Sqlite, { id }: Pick<Generation, 'id'>): Seen => {
  const seen = database
    .prepare<[number], Seen>(
      `SELECT source.text AS source, observed_at AS observedAt, notes.text AS notes,
         importer.text AS importer
       FROM generation JOIN word AS source ON source.id = source_id
       JOIN word AS notes ON notes.id = notes_id JOIN word AS importer ON importer.id = importer_id
       WHERE generation.id = ?`,
    )
    .get(id)
  if (seen === undefined) throw new RangeError(`the history has no generation ${id}`)
  return seen
}

const readNotes = (json: string): readonly string[] => {
  const notes: unknown = JSON.parse(json)
  return Array.isArray(notes) ? notes.map(String) : []
}

/** An offer, and since when (seconds since 1970) it is as it is. */
export interface HeldOffer {
  /** The last price known where it is gone. */
  readonly offer: Offer
  readonly historyId: number
  readonly gone: boolean
  readonly since: number
}

export interface HeldBackend extends Pick<BackendOffers, 'backend' | 'notes'> {
  readonly importer: string
  readonly held: readonly HeldOffer[]
}

/**
 * All of a backend at one of its generations, gone offers too. As the observation of an offer stands
 * the newest of its backend, since a refresh sees all of a backend at once.
 */
export const heldBackend = (database: Sqlite, generation: Generation): HeldBackend => {
  const { source, observedAt, notes, importer } = seenAt(database, generation)
  const observation = {
    source,
    observedAt: observedAt === null ? '' : printInstant(observedAt * 1000),
  }
  const types = new Map(
    machineRows(database, generation).map((row) => [row.instanceTypeId, toInstanceType(row)]),
  )
  const { backend } = generation
  const held = heldRows(database, generation).flatMap((row): readonly HeldOffer[] => {
    const instanceType = types.get(row.instanceTypeId)
    if (instanceType === undefined) return []
    const { region, price } = row
    const spot = row.spot === 1
    const stock = stockLevels[row.stock ?? 0] ?? 'unknown'
    const id = offerId(backend, region, row.name, spot)
    const identity = { id, backend, region, instanceType, spot }
    const offer: Offer = { ...identity, priceNanoUsd: price, stock, observation }
    return [{ offer, historyId: row.offerId, gone: row.stock === null, since: row.since }]
  })
  return { backend, notes: readNotes(notes), importer, held }
}

/** What the catalog held then, ready to be put into a catalog. */
export const backendOffersAt = (database: Sqlite, generation: Generation): BackendOffers => {
  const { backend, notes, importer, held } = heldBackend(database, generation)
  const offers = held.filter(({ gone }) => !gone).map(({ offer }) => offer)
  return { backend, offers, notes, importer }
}

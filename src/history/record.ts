/** Writes one generation: what differs from the one before, and nothing else. */
import type { BackendOffers } from '#catalog/replace'
import { encodeCapability, stockLevels } from '#catalog/tables'
import type { Gpu } from '#domain/gpu'
import type { InstanceType, Offer } from '#domain/offer'
import { parseInstant } from '#platform/clock'
import type { Sqlite } from '#platform/sqlite'
import { backendIdOf, wordIdOf } from './dictionaries.ts'
import type { Generation } from './generations.ts'
import { type HeldRow, heldRows, type MachineRow, machineRows } from './held-rows.ts'

type Begun = Pick<Generation, 'backend' | 'recordedAt' | 'digest'>

/** Says what is about to be put into the catalog. Gives the number of the generation. */
export const beginGeneration = (database: Sqlite, { backend, recordedAt, digest }: Begun): number =>
  Number(
    database
      .prepare(
        `INSERT INTO generation (backend_id, recorded_at, complete, observed_at, source_id, notes_id,
           importer_id, digest) VALUES (?, ?, 0, NULL, 0, 0, 0, ?)`,
      )
      .run(backendIdOf(database, backend), recordedAt, Buffer.from(digest, 'hex')).lastInsertRowid,
  )

/** Writes what the catalog now holds of the generation's backend, as far as it differs. */
export const endGeneration = (database: Sqlite, id: number, replacement: BackendOffers): void => {
  const backendId = backendIdOf(database, replacement.backend)
  recordMachines(database, { backendId, id }, replacement.offers)
  recordOffers(database, { backendId, id }, replacement.offers)
  const newest = newestOf(replacement.offers)
  const observedMs = newest && parseInstant(newest.observedAt)
  database
    .prepare(
      `UPDATE generation SET complete = 1, observed_at = ?, source_id = ?, notes_id = ?,
         importer_id = ? WHERE id = ?`,
    )
    .run(
      observedMs === null ? null : Math.floor(observedMs / 1000),
      wordIdOf(database, newest?.source ?? ''),
      wordIdOf(database, JSON.stringify(replacement.notes)),
      wordIdOf(database, replacement.importer ?? ''),
      id,
    )
}

const newestOf = (offers: readonly Offer[]): Offer['observation'] | null => {
  let newest: Offer['observation'] | null = null
  for (const { observation } of offers) {
    if (newest === null || observation.observedAt > newest.observedAt) newest = observation
  }
  return newest
}

type Place = Pick<Generation, 'backendId' | 'id'>

type Figures = Omit<MachineRow, 'instanceTypeId' | 'name'>

/** As a catalog stores them, so that what it holds alike is alike. */
const figuresOf = (type: InstanceType): Figures => ({
  cpuMilli: Math.round(type.cpus * 1000),
  memoryMib: type.memoryMib,
  gpuName: type.gpu?.name ?? null,
  gpuVendor: type.gpu?.vendor ?? null,
  gpuMemoryMib: type.gpu?.memoryMib ?? null,
  gpuCapability: capabilityOf(type.gpu),
  gpuCount: type.gpuCount,
  diskMib: type.diskMib,
  architecture: type.architecture,
})

const capabilityOf = (gpu: Gpu | null): number | null =>
  gpu?.computeCapability ? encodeCapability(...gpu.computeCapability) : null

const isSame = (row: Figures, figures: Figures): boolean =>
  row.cpuMilli === figures.cpuMilli &&
  row.memoryMib === figures.memoryMib &&
  row.gpuName === figures.gpuName &&
  row.gpuVendor === figures.gpuVendor &&
  row.gpuMemoryMib === figures.gpuMemoryMib &&
  row.gpuCapability === figures.gpuCapability &&
  row.gpuCount === figures.gpuCount &&
  row.diskMib === figures.diskMib &&
  row.architecture === figures.architecture

const recordMachines = (database: Sqlite, place: Place, offers: readonly Offer[]): void => {
  const known = new Map(machineRows(database, place).map((row) => [row.name, row]))
  const add = database.prepare('INSERT INTO machine VALUES (?, ?, ?, ?, ?, ?, ?, ?)')
  const gpuIdOf = gpuDictionary(database)
  const typeIdOf = instanceTypeDictionary(database, place.backendId)
  const types = new Map(offers.map(({ instanceType }) => [instanceType.name, instanceType]))
  for (const [name, type] of types) {
    const figures = figuresOf(type)
    const row = known.get(name)
    if (row !== undefined && isSame(row, figures)) continue
    const { cpuMilli, memoryMib, gpuCount, diskMib, architecture } = figures
    const gpu = gpuIdOf(figures)
    const id = row?.instanceTypeId ?? typeIdOf(name)
    add.run(id, place.id, cpuMilli, memoryMib, gpu, gpuCount, diskMib, architecture)
  }
}

const gpuDictionary = (database: Sqlite): ((figures: Figures) => number | null) => {
  const find = database
    .prepare<unknown[], number>(
      'SELECT id FROM gpu WHERE name = ? AND vendor = ? AND memory_mib = ? AND capability IS ?',
    )
    .pluck()
  const add = database.prepare(
    'INSERT INTO gpu (name, vendor, memory_mib, capability) VALUES (?, ?, ?, ?)',
  )
  return ({ gpuName, gpuVendor, gpuMemoryMib, gpuCapability }) => {
    if (gpuName === null) return null
    const values = [gpuName, gpuVendor, gpuMemoryMib, gpuCapability]
    return find.get(...values) ?? Number(add.run(...values).lastInsertRowid)
  }
}

const instanceTypeDictionary = (
  database: Sqlite,
  backendId: number,
): ((name: string) => number) => {
  const find = database
    .prepare<[number, string], number>(
      'SELECT id FROM instance_type WHERE backend_id = ? AND name = ?',
    )
    .pluck()
  const add = database.prepare('INSERT INTO instance_type (backend_id, name) VALUES (?, ?)')
  return (name) => find.get(backendId, name) ?? Number(add.run(backendId, name).lastInsertRowid)
}

const keyOf = (name: string, region: string | null, spot: boolean): string =>
  `${name}\n${region ?? ''}\n${spot ? 1 : 0}`

const recordOffers = (database: Sqlite, place: Place, offers: readonly Offer[]): void => {
  const before = new Map<string, HeldRow>()
  for (const row of heldRows(database, place)) {
    before.set(keyOf(row.name, row.region, row.spot === 1), row)
  }
  const change = database.prepare('INSERT INTO change VALUES (?, ?, ?, ?)')
  const addOffer = database.prepare(
    'INSERT INTO offer (instance_type_id, region_id, spot) VALUES (?, ?, ?)',
  )
  const typeIdOf = instanceTypeDictionary(database, place.backendId)
  const newOffer = ({ instanceType, region, spot }: Offer): number => {
    const regionId = region === null ? null : wordIdOf(database, region)
    return Number(addOffer.run(typeIdOf(instanceType.name), regionId, spot ? 1 : 0).lastInsertRowid)
  }
  for (const offer of offers) {
    const key = keyOf(offer.instanceType.name, offer.region, offer.spot)
    const row = before.get(key)
    before.delete(key)
    const stock = stockLevels.indexOf(offer.stock)
    if (row !== undefined && row.price === offer.priceNanoUsd && row.stock === stock) continue
    change.run(row?.offerId ?? newOffer(offer), place.id, offer.priceNanoUsd, stock)
  }
  for (const { offerId, price, stock } of before.values()) {
    // With its last price: what it cost then is asked of it later.
    if (stock !== null) change.run(offerId, place.id, price, null)
  }
}

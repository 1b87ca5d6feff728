/** Puts one backend's offers in the place of those it had, in one transaction. */
import { backendNames } from '#domain/backend'
import { ImportRejectedError } from '#domain/errors'
import type { InstanceType, Observation, Offer } from '#domain/offer'
import type { Sqlite } from '#platform/sqlite'
import { deriveCells, deriveDigest, deriveVariants } from './derive.ts'
import { backendDigest } from './digest.ts'
import { insertRows } from './insert-rows.ts'
import {
  encodeCapability,
  instanceTypesPerBackend,
  outOfStock,
  regionMaskBits,
  stockLevels,
  unknownPrice,
  variantBits,
} from './tables.ts'

export interface BackendOffers {
  readonly backend: string
  readonly offers: readonly Offer[]
  /** What a reader should know of these offers. */
  readonly notes: readonly string[]
}

/**
 * Readers see the backend before or after, never between. Throws `ImportRejectedError`, and changes
 * nothing, when an offer belongs to another backend, two share an identity, a price is no whole
 * number of nano-USD above zero, or one name stands for two different machines.
 */
export const replaceBackend = (database: Sqlite, replacement: BackendOffers): void => {
  refuseInvalid(replacement)
  const replace = database.transaction(() => {
    const backendId = backendIdOf(database, replacement.backend)
    clear(database, backendId)
    fill(database, backendId, replacement)
    deriveVariants(database, backendId)
    deriveCells(database)
    deriveDigest(database)
  })
  replace.immediate()
}

const refuseInvalid = ({ backend, offers }: BackendOffers): void => {
  const seen = new Set<string>()
  for (const offer of offers) {
    const reject = (why: string): never => {
      throw new ImportRejectedError(`offer "${offer.id}": ${why}`)
    }
    if (offer.backend !== backend) reject(`belongs to "${offer.backend}", not to "${backend}"`)
    if (seen.has(offer.id)) reject('is there twice')
    seen.add(offer.id)
    const price = offer.priceNanoUsd
    if (price !== null && !(Number.isInteger(price) && price > 0 && price < unknownPrice)) {
      reject(`price ${price} is no whole number of nano-USD above zero`)
    }
    const { gpu, gpuCount, cpus, memoryMib } = offer.instanceType
    if ((gpu === null) !== (gpuCount === 0)) reject('has accelerators of no model, or none of one')
    if (!(cpus > 0 && memoryMib > 0)) reject('has no vCPU or no memory')
  }
}

const backendIdOf = (database: Sqlite, name: string): number => {
  const known = database.prepare('SELECT id FROM backend WHERE name = ?').pluck().get(name)
  if (typeof known === 'number') return known
  const listed = (backendNames as readonly string[]).indexOf(name)
  const last = database.prepare('SELECT max(id) FROM backend').pluck().get()
  const id = listed >= 0 ? listed : Math.max(backendNames.length, Number(last ?? 0) + 1)
  if (id >= regionMaskBits) throw new ImportRejectedError(`backend "${name}": the catalog is full`)
  database.prepare("INSERT INTO backend VALUES (?, ?, '[]', '', 0, '', '')").run(id, name)
  return id
}

const firstInstanceType = (backendId: number): number => backendId * instanceTypesPerBackend

const clear = (database: Sqlite, backendId: number): void => {
  const types = [firstInstanceType(backendId), firstInstanceType(backendId + 1)]
  const variants = types.map((id) => id * variantBits.perInstanceType)
  database.prepare('DELETE FROM offer WHERE variant_id >= ? AND variant_id < ?').run(variants)
  database.prepare('DELETE FROM variant WHERE backend_id = ?').run(backendId)
  database.prepare('DELETE FROM instance_type WHERE id >= ? AND id < ?').run(types)
  database.prepare('DELETE FROM observation WHERE backend_id = ?').run(backendId)
}

const fill = (database: Sqlite, backendId: number, replacement: BackendOffers): void => {
  const { backend, offers, notes } = replacement
  const typeIds = insertInstanceTypes(database, backendId, offers)
  const regionId = dictionary(database, 'region')
  const observationId = insertObservations(database, backendId, offers)

  const rows = offers.map((offer) => {
    const out = offer.stock === 'none'
    const variant =
      (typeIds.get(offer.instanceType.name) ?? 0) * variantBits.perInstanceType +
      (out ? variantBits.outOfStock : 0) +
      (offer.spot ? variantBits.spot : 0)
    const standing = (offer.priceNanoUsd ?? unknownPrice) + (out ? outOfStock : 0)
    const region = offer.region === null ? 0 : regionId(offer.region)
    return [
      variant,
      region,
      standing,
      stockLevels.indexOf(offer.stock),
      observationId(offer.observation),
    ]
  })
  // In key order: several times faster than at random.
  rows.sort(([variantA = 0, regionA = 0], [variantB = 0, regionB = 0]) =>
    variantA === variantB ? regionA - regionB : variantA - variantB,
  )
  insertRows(database, 'offer', rows)
  const seen = offers.map(({ observation }) => observation.observedAt).sort()
  database
    .prepare(
      'UPDATE backend SET notes = ?, digest = ?, offers = ?, oldest = ?, newest = ? WHERE id = ?',
    )
    .run(
      JSON.stringify(notes),
      backendDigest(backend, offers),
      offers.length,
      seen[0] ?? '',
      seen.at(-1) ?? '',
      backendId,
    )
}

const byName = (left: InstanceType, right: InstanceType): number =>
  left.name < right.name ? -1 : left.name > right.name ? 1 : 0

const insertInstanceTypes = (
  database: Sqlite,
  backendId: number,
  offers: readonly Offer[],
): ReadonlyMap<string, number> => {
  const types = new Map<string, InstanceType>()
  for (const { id, instanceType } of offers) {
    const known = types.get(instanceType.name) ?? instanceType
    if (known !== instanceType && machine(known) !== machine(instanceType)) {
      throw new ImportRejectedError(`offer "${id}": "${known.name}" names two different machines`)
    }
    types.set(instanceType.name, known)
  }
  if (types.size > instanceTypesPerBackend) {
    throw new ImportRejectedError(`${types.size} instance types are more than a backend may have`)
  }
  const gpuId = gpuDictionary(database)
  const ids = new Map<string, number>()
  const rows = [...types.values()].sort(byName).map((type, index) => {
    const id = firstInstanceType(backendId) + index
    ids.set(type.name, id)
    return [
      id,
      type.name,
      Math.round(type.cpus * 1000),
      type.memoryMib,
      gpuId(type),
      type.gpuCount,
      type.diskMib,
      type.architecture,
    ]
  })
  insertRows(database, 'instance_type', rows)
  return ids
}

const machine = (type: InstanceType): string =>
  JSON.stringify([type.cpus, type.memoryMib, type.gpu, type.gpuCount, type.diskMib])

/** Finds or makes the id of a name. Ids stay when a backend is replaced, and are never reused. */
const dictionary = (database: Sqlite, table: 'region'): ((name: string) => number) => {
  const find = database.prepare(`SELECT id FROM ${table} WHERE name = ?`).pluck()
  const add = database.prepare(`INSERT INTO ${table} (name) VALUES (?)`)
  const known = new Map<string, number>()
  return (name) => {
    const id = known.get(name) ?? Number(find.get(name) ?? add.run(name).lastInsertRowid)
    known.set(name, id)
    return id
  }
}

const gpuDictionary = (database: Sqlite): ((type: InstanceType) => number) => {
  const find = database
    .prepare('SELECT id FROM gpu WHERE name = ? AND vendor = ? AND memory_mib = ?')
    .pluck()
  const add = database.prepare(
    'INSERT INTO gpu (name, vendor, memory_mib, capability) VALUES (?, ?, ?, ?)',
  )
  return ({ gpu }) => {
    if (gpu === null) return 0
    const found = find.get(gpu.name, gpu.vendor, gpu.memoryMib)
    if (found !== undefined) return Number(found)
    const capability = gpu.computeCapability && encodeCapability(...gpu.computeCapability)
    return Number(add.run(gpu.name, gpu.vendor, gpu.memoryMib, capability).lastInsertRowid)
  }
}

const insertObservations = (
  database: Sqlite,
  backendId: number,
  offers: readonly Offer[],
): ((observation: Observation) => number) => {
  const add = database.prepare(
    'INSERT INTO observation (backend_id, source, observed_at) VALUES (?, ?, ?)',
  )
  const ids = new Map<string, number>()
  for (const { observation } of offers) {
    const key = JSON.stringify(observation)
    if (ids.has(key)) continue
    const added = add.run(backendId, observation.source, observation.observedAt)
    ids.set(key, Number(added.lastInsertRowid))
  }
  return (observation) => ids.get(JSON.stringify(observation)) ?? 0
}

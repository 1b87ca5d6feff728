/** Puts backends' offers in the place of those they had, in one transaction. */
import { backendNames } from '#domain/backend'
import { ImportRejectedError } from '#domain/errors'
import type { InstanceType, Observation, Offer } from '#domain/offer'
import type { Sqlite } from '#platform/sqlite'
import { deriveCells, deriveDigest } from './derive.ts'
import { backendDigester } from './digest.ts'
import { rowInserter, type Value } from './insert-rows.ts'
import { type Machine, machinesOf } from './machines.ts'
import { backendSummaries } from './summaries.ts'
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
  /** Name and version of what read them. */
  readonly importer?: string | undefined
}

/**
 * Readers see the backend before or after, never between. Throws `ImportRejectedError`, and changes
 * nothing, when the offers break a rule of `machinesOf`.
 */
export const replaceBackend = (database: Sqlite, replacement: BackendOffers): void =>
  replaceBackends(database, [replacement])

/** Several at once: the summaries that backends share are computed once, at the end. */
export const replaceBackends = (database: Sqlite, replacements: Iterable<BackendOffers>): void => {
  const replace = database.transaction(() => {
    for (const replacement of replacements) {
      const machines = machinesOf(replacement.backend, replacement.offers)
      const backendId = backendIdOf(database, replacement.backend)
      clear(database, backendId)
      fill(database, backendId, replacement, machines)
    }
    deriveCells(database)
    deriveDigest(database)
  })
  replace.immediate()
}

const backendIdOf = (database: Sqlite, name: string): number => {
  const known = database.prepare('SELECT id FROM backend WHERE name = ?').pluck().get(name)
  if (typeof known === 'number') return known
  const listed = (backendNames as readonly string[]).indexOf(name)
  const last = database.prepare('SELECT max(id) FROM backend').pluck().get()
  const id = listed >= 0 ? listed : Math.max(backendNames.length, Number(last ?? 0) + 1)
  if (id >= regionMaskBits) throw new ImportRejectedError(`backend "${name}": the catalog is full`)
  database.prepare("INSERT INTO backend VALUES (?, ?, '[]', '', '', 0, '', '')").run(id, name)
  return id
}

const firstInstanceType = (backendId: number): number => backendId * instanceTypesPerBackend

const clear = (database: Sqlite, backendId: number): void => {
  const types = [firstInstanceType(backendId), firstInstanceType(backendId + 1)]
  const variants = types.map((id) => id * variantBits.perInstanceType)
  database.prepare('DELETE FROM offer WHERE variant_id >= ? AND variant_id < ?').run(variants)
  database.prepare('DELETE FROM variant WHERE backend_id = ?').run(backendId)
  database.prepare('DELETE FROM cell_region WHERE backend_id = ?').run(backendId)
  database.prepare('DELETE FROM instance_type WHERE id >= ? AND id < ?').run(types)
  database.prepare('DELETE FROM observation WHERE backend_id = ?').run(backendId)
}

const fill = (
  database: Sqlite,
  backendId: number,
  { backend, offers, notes, importer = '' }: BackendOffers,
  machines: readonly Machine[],
): void => {
  if (machines.length > instanceTypesPerBackend) {
    throw new ImportRejectedError(
      `${machines.length} instance types: a backend may not have so many`,
    )
  }
  const regionId = regionDictionary(database)
  const gpuId = gpuDictionary(database)
  const observed = observationDictionary(database, backendId)
  const digest = backendDigester(backend)
  const summaries = backendSummaries(backendId)
  const typeRows = rowInserter(database, 'instance_type', 8)
  const offerRows = rowInserter(database, 'offer', 5)
  const variantRows = rowInserter(database, 'variant', 11)
  const cellRegionRows = rowInserter(database, 'cell_region', 5)

  for (const [index, { type, offers: own }] of machines.entries()) {
    const typeId = firstInstanceType(backendId) + index
    const gpu = gpuId(type)
    typeRows.add(instanceTypeRow(typeId, type, gpu))
    digest.add(type, own)
    summaries.machine(type, gpu)
    for (const key of keysInOrder(own, regionId)) {
      const offer = own[key % places]
      if (offer === undefined) continue
      const place = Math.floor(key / places)
      const regionKey = place % places
      const variantId = typeId * variantBits.perInstanceType + Math.floor(place / places)
      const standing = standingOf(offer)
      offerRows.put(variantId)
      offerRows.put(regionKey)
      offerRows.put(standing)
      offerRows.put(stockLevels.indexOf(offer.stock))
      offerRows.put(observed.id(offer.observation))
      summaries.offer(variantId, regionKey, standing)
    }
  }
  summaries.end(variantRows, cellRegionRows)
  for (const rows of [typeRows, offerRows, variantRows, cellRegionRows]) rows.end()
  database
    .prepare(
      'UPDATE backend SET notes = ?, digest = ?, importer = ?, offers = ?, oldest = ?, newest = ? WHERE id = ?',
    )
    .run(
      JSON.stringify(notes),
      digest.end(),
      importer,
      offers.length,
      ...observed.span(),
      backendId,
    )
}

/** More than a machine has offers, or a catalog regions. */
const places = 2 ** 24

/** The keys of one machine at a time. */
let scratch = new Float64Array(256)

/**
 * The offers of one machine in the order of their key, in which they are stored several times
 * faster than at random. As numbers that hold the key and the offer's place in the list: objects
 * would be millions, and take longer than all else.
 */
const keysInOrder = (
  offers: readonly Offer[],
  regionId: (name: string) => number,
): Float64Array => {
  if (scratch.length < offers.length) scratch = new Float64Array(2 * offers.length)
  const keys = scratch.subarray(0, offers.length)
  for (let place = 0; place < keys.length; place++) {
    const offer = offers[place]
    if (offer === undefined) continue
    const region = offer.region === null ? 0 : regionId(offer.region)
    keys[place] = (variantBitOf(offer) * places + region) * places + place
  }
  return keys.sort()
}

const variantBitOf = ({ stock, spot }: Offer): number =>
  (stock === 'none' ? variantBits.outOfStock : 0) + (spot ? variantBits.spot : 0)

const standingOf = ({ priceNanoUsd, stock }: Offer): number =>
  (priceNanoUsd ?? unknownPrice) + (stock === 'none' ? outOfStock : 0)

const instanceTypeRow = (id: number, type: InstanceType, gpuId: number): readonly Value[] => [
  id,
  type.name,
  Math.round(type.cpus * 1000),
  type.memoryMib,
  gpuId,
  type.gpuCount,
  type.diskMib,
  type.architecture,
]

/** Finds or makes the id of a region. Ids stay when a backend is replaced, and are never reused. */
const regionDictionary = (database: Sqlite): ((name: string) => number) => {
  const find = database.prepare('SELECT id FROM region WHERE name = ?').pluck()
  const add = database.prepare('INSERT INTO region (name) VALUES (?)')
  const known = new Map<string, number>()
  return (name) => {
    const seen = known.get(name)
    if (seen !== undefined) return seen
    const id = Number(find.get(name) ?? add.run(name).lastInsertRowid)
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

interface Observations {
  readonly id: (observation: Observation) => number
  /** When the oldest and the newest were seen; empty without any. */
  span(): readonly [string, string]
}

/** Offers read from one document mostly share one object: it is looked up before its text is. */
const observationDictionary = (database: Sqlite, backendId: number): Observations => {
  const add = database.prepare(
    'INSERT INTO observation (backend_id, source, observed_at) VALUES (?, ?, ?)',
  )
  const byObject = new Map<Observation, number>()
  const byContent = new Map<string, number>()
  let [oldest, newest] = ['', '']
  let last: { readonly observation: Observation; readonly id: number } | null = null
  const idOf = (observation: Observation): number => {
    const seen = byObject.get(observation)
    if (seen !== undefined) return seen
    const { source, observedAt } = observation
    const content = `${observedAt} ${source}`
    const id =
      byContent.get(content) ?? Number(add.run(backendId, source, observedAt).lastInsertRowid)
    byObject.set(observation, id)
    byContent.set(content, id)
    if (oldest === '' || observedAt < oldest) oldest = observedAt
    if (observedAt > newest) newest = observedAt
    return id
  }
  return {
    id: (observation) => {
      if (last?.observation !== observation) last = { observation, id: idOf(observation) }
      return last.id
    },
    span: () => [oldest, newest],
  }
}

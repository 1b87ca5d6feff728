/** Puts backends' offers in the place of those they had, in one transaction. */
import { backendNames } from '#domain/backend'
import { ImportRejectedError } from '#domain/errors'
import type { InstanceType, Observation, Offer } from '#domain/offer'
import type { Sqlite } from '#platform/sqlite'
import { deriveCells, deriveDigest, deriveVariants } from './derive.ts'
import { backendDigester } from './digest.ts'
import { rowInserter } from './insert-rows.ts'
import { type Machine, machinesOf } from './machines.ts'
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
      deriveVariants(database, backendId)
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

const fill = (
  database: Sqlite,
  backendId: number,
  { backend, offers, notes }: BackendOffers,
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
  const typeRows = rowInserter(database, 'instance_type', 8)
  const offerRows = rowInserter(database, 'offer', 5)

  for (const [index, { type, offers: own }] of machines.entries()) {
    const typeId = firstInstanceType(backendId) + index
    addInstanceType(typeRows, typeId, type, gpuId(type))
    digest.add(type, own)
    // In key order: several times faster than at random.
    const rows = own.map((offer) => offerRow(typeId, offer, regionId, observed.id)).sort(byKey)
    for (const row of rows) offerRows.add(...row)
  }
  typeRows.end()
  offerRows.end()
  database
    .prepare(
      'UPDATE backend SET notes = ?, digest = ?, offers = ?, oldest = ?, newest = ? WHERE id = ?',
    )
    .run(JSON.stringify(notes), digest.end(), offers.length, ...observed.span(), backendId)
}

type OfferRow = readonly [
  variant: number,
  region: number,
  standing: number,
  stock: number,
  observation: number,
]

const byKey = (left: OfferRow, right: OfferRow): number => left[0] - right[0] || left[1] - right[1]

const offerRow = (
  typeId: number,
  { region, spot, priceNanoUsd, stock, observation }: Offer,
  regionId: (name: string) => number,
  observationId: (observation: Observation) => number,
): OfferRow => {
  const out = stock === 'none'
  return [
    typeId * variantBits.perInstanceType +
      (out ? variantBits.outOfStock : 0) +
      (spot ? variantBits.spot : 0),
    region === null ? 0 : regionId(region),
    (priceNanoUsd ?? unknownPrice) + (out ? outOfStock : 0),
    stockLevels.indexOf(stock),
    observationId(observation),
  ]
}

const addInstanceType = (
  rows: ReturnType<typeof rowInserter>,
  id: number,
  type: InstanceType,
  gpuId: number,
): void =>
  rows.add(
    id,
    type.name,
    Math.round(type.cpus * 1000),
    type.memoryMib,
    gpuId,
    type.gpuCount,
    type.diskMib,
    type.architecture,
  )

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
  return {
    id: (observation) => {
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
    },
    span: () => [oldest, newest],
  }
}

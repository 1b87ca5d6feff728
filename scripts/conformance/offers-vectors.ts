/**
 * offers_vectors.json: resources and a profile, and which rows of catalog.csv dstack offers for
 * them, in which order. Of equal prices the peer's order is its catalog's, ours is another: inside
 * such a group the ids are compared as a set.
 */
import { parseResources } from '#configuration/shorthand'
import { readProfiles } from '#configuration/profiles'
import { noOverrides } from '#configuration/overrides'
import { resolve } from '#configuration/resolve'
import { canonicalBackend } from '#domain/backend'
import type { Gpu } from '#domain/gpu'
import { KnownError } from '#domain/errors'
import { mibPerGb } from '#domain/memory'
import { type Offer, offerId, type Stock } from '#domain/offer'
import { parseUsd } from '#domain/price'
import type { Requirements } from '#domain/requirements'
import { type Chapter, failed, needed, passed, skipped, type VectorResult } from './chapter.ts'
import { type Json, list, record, records, text } from './json.ts'
import {
  capabilitiesOf,
  type VectorItem,
  type VectorSearch,
  vectorSearch,
} from './offer-catalog.ts'

const observation = { source: 'vectors', observedAt: '2024-04-30T00:00:00Z' }

const stockOf: Readonly<Record<string, Stock>> = {
  available: 'high',
  unknown: 'unknown',
  not_available: 'none',
  no_quota: 'none',
}

export const rowsOf = (csv: string): readonly Json[] => {
  const [header = '', ...lines] = csv.split(/\r?\n/).filter((line) => line !== '')
  const columns = header.split(',')
  return lines.map((line) => {
    const fields = line.split(',')
    return Object.fromEntries(columns.map((column, index) => [column, fields[index] ?? '']))
  })
}

const mib = (gb: unknown): number => Math.round(Number(gb) * mibPerGb)

export const itemOf = (row: Json, capabilities: ReturnType<typeof capabilitiesOf>): VectorItem => {
  const backend = canonicalBackend(text(row['provider'])) ?? text(row['provider'])
  const region = text(row['location'])
  const name = text(row['instance_name'])
  const spot = row['spot'] === 'true'
  const gpuName = text(row['gpu_name'])
  const gpu: Gpu | null =
    gpuName === ''
      ? null
      : {
          name: gpuName,
          vendor: 'nvidia',
          memoryMib: mib(row['gpu_memory']),
          computeCapability: capabilities.get(gpuName.toLowerCase()) ?? null,
        }
  const offer: Offer = {
    id: offerId(backend, region, name, spot),
    backend,
    region,
    instanceType: {
      name,
      cpus: Number(row['cpu']),
      memoryMib: mib(row['memory']),
      gpu,
      gpuCount: Number(row['gpu_count']),
      diskMib: row['disk_size'] === '' ? null : mib(row['disk_size']),
      architecture: null,
    },
    spot,
    priceNanoUsd: parseUsd(text(row['price'])),
    stock: stockOf[text(row['availability'])] ?? 'unknown',
    observation,
  }
  return { id: Number(row['id']), offer }
}

/** Vectors are of dstack's own services: no image, and nothing but what they say. */
export const requirementsOf = (vector: Json): Requirements => {
  const said = { profiles: [{ name: 'vector', ...record(vector['profile']) }] }
  const [profile] = readProfiles(JSON.stringify(said), { file: 'vector' })
  const overrides = { ...noOverrides, ...parseResources(vector['resources']) }
  return resolve({ configuration: null, profile: profile ?? null, overrides }).requirements
}

/** JSON's 8.0 is the number 8 to JavaScript, and a capability of one part is refused: keep the text. */
const spelled = (json: string): string =>
  json.replace(/("compute_capability":\s*)(\d+\.\d+)/g, '$1"$2"')

const isAvailable = ({ stock }: Offer): boolean => stock !== 'none'

export const offersVectors: Chapter = {
  file: 'offers_vectors.json',
  needs: ['offers_vectors.json', 'catalog.csv', 'gpus.json'],
  *run(_, needs) {
    const vectors: unknown = JSON.parse(spelled(needed(needs, 'offers_vectors.json')))
    const seedTime = record(JSON.parse(needed(needs, 'gpus.json')))['seed_time']
    const capabilities = capabilitiesOf(seedTime)
    const items = rowsOf(needed(needs, 'catalog.csv')).map((row) => itemOf(row, capabilities))
    const search = vectorSearch(items)
    const offers = new Map(items.map(({ id, offer }) => [id, offer]))
    for (const vector of records(record(vectors)['vectors']))
      yield runVector(vector, search, offers)
  },
}

const runVector = (
  vector: Json,
  search: VectorSearch,
  offers: ReadonlyMap<number, Offer>,
): VectorResult => {
  const id = text(vector['id'])
  const tier = vector['tier']
  if (tier === 'quirk' || tier === 'decided') return skipped(id, `tier ${tier}`)
  try {
    const found = search(requirementsOf(vector))
    const tried = found.filter((one) => isAvailable(offers.get(one) ?? neverOffered(one)))
    const key = (ids: readonly unknown[]): string => grouped(ids.map(Number), offers)
    const expected = [list(vector['offer_ids']), list(vector['tried_ids'])] as const
    const right =
      key(found) === key(expected[0]) &&
      found.length === vector['total'] &&
      priceOf(tried, offers) === priceOf(expected[1].map(Number), offers)
    return right ? passed(id) : failed(id, expected[0], found)
  } catch (error) {
    if (error instanceof KnownError) return failed(id, vector['offer_ids'], error.message)
    throw error
  }
}

const neverOffered = (id: number): Offer => {
  throw new TypeError(`the catalog has no row ${id}`)
}

/** Prices of the offers that a launch would try first, as many as the peer tries. */
const priceOf = (ids: readonly number[], offers: ReadonlyMap<number, Offer>): string =>
  ids
    .slice(0, 15)
    .map((id) => offers.get(id)?.priceNanoUsd)
    .join()

/** Ids in order, but sorted inside each run of equal price and availability. */
const grouped = (ids: readonly number[], offers: ReadonlyMap<number, Offer>): string => {
  const groups: { key: string; ids: number[] }[] = []
  for (const id of ids) {
    const offer = offers.get(id) ?? neverOffered(id)
    const key = `${isAvailable(offer)} ${offer.priceNanoUsd}`
    const last = groups.at(-1)
    if (last?.key === key) last.ids.push(id)
    else groups.push({ key, ids: [id] })
  }
  return JSON.stringify(groups.map((group) => [group.key, group.ids.toSorted((a, b) => a - b)]))
}

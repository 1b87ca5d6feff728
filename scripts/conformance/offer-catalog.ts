/** A vector file's catalog as a real one, searched by the product's own search. */
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import type { ComputeCapability } from '#domain/gpu'
import { type Offer, offerId } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { searchableFile } from '#offers/search-file'
import { lower } from '#query/lower'
import { records, text } from './json.ts'

/** An item of a vector's catalog. Its place in the file breaks ties, as it does for the peer. */
export interface VectorItem {
  readonly id: number
  readonly offer: Offer
}

/** Name in lower case -> capability, of the accelerators a table of the vectors knows. */
export const capabilitiesOf = (table: unknown): ReadonlyMap<string, ComputeCapability> => {
  const known = new Map<string, ComputeCapability>()
  for (const entry of records(table)) {
    const name = text(entry['name']).toLowerCase()
    const pair = entry['compute_capability']
    if (!Array.isArray(pair) || known.has(name)) continue
    known.set(name, [Number(pair[0]), Number(pair[1])])
  }
  return known
}

/** Answers with the ids of the items that match, in rank order. */
export type VectorSearch = (requirements: Requirements) => readonly number[]

export const vectorSearch = (items: readonly VectorItem[]): VectorSearch => {
  const named = distinct(items)
  const ids = new Map(named.map(({ id, offer }) => [offer.id, id]))
  const database = openWritableCatalogFile(':memory:')
  for (const [backend, own] of byBackend(named)) {
    replaceBackend(database, { backend, offers: own.map(({ offer }) => offer), notes: [] })
  }
  const { first } = searchableFile(database)
  return (requirements) => first(lower(requirements), 0).map(({ offer }) => ids.get(offer.id) ?? -1)
}

/**
 * Some of the peer's catalogs hold several machines of one name, which ours does not allow: there,
 * each item's place in the file becomes a part of its name.
 */
const distinct = (items: readonly VectorItem[]): readonly VectorItem[] => {
  if (new Set(items.map(({ offer }) => offer.id)).size === items.length) return items
  return items.map(({ id, offer }, place) => {
    const name = `${String(place).padStart(6, '0')} ${offer.instanceType.name}`
    return {
      id,
      offer: {
        ...offer,
        id: offerId(offer.backend, offer.region, name, offer.spot),
        instanceType: { ...offer.instanceType, name },
      },
    }
  })
}

const byBackend = (items: readonly VectorItem[]): ReadonlyMap<string, readonly VectorItem[]> => {
  const groups = new Map<string, VectorItem[]>()
  for (const item of items) {
    groups.set(item.offer.backend, [...(groups.get(item.offer.backend) ?? []), item])
  }
  return groups
}

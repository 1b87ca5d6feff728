/** Why so few offers match, and where an offer comes from, as documents. Money is a decimal string. */
import type { Json } from '#domain/json'
import {
  type Change,
  type Filter,
  keyEdits,
  type Provenance,
  type Relaxation,
  type Why,
} from '#api/why'
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import { formatVersion, toOfferDocument, toRequirementsDocument } from './document.ts'

const offerOrNull = (offer: Offer | null): Json => offer && toOfferDocument(offer, 1)

const boundOf = (filter: Filter, value: number | null): Json => {
  if (value === null || filter.kind !== 'bound') return null
  if (filter.name === 'max-price') return printUsd(value)
  if (filter.name === 'gpu-capability') return `${Math.floor(value / 1000)}.${value % 1000}`
  return value
}

const askedOf = (filter: Filter): Json =>
  filter.kind === 'bound' ? boundOf(filter, filter.asked) : filter.asked

/** Filters are named in snake_case: `gpu_memory_min`, in MiB, as in `requirements`. */
const nameOf = (filter: Filter): string => filter.name.replaceAll('-', '_')

const toChangeDocument = ({ filter, to }: Change): Json => ({
  filter: nameOf(filter),
  from: askedOf(filter),
  to: boundOf(filter, to),
})

const toRelaxationDocument = (relaxation: Relaxation, index: number): Json => ({
  rank: index + 1,
  changes: relaxation.changes.map(toChangeDocument),
  keys: keyEdits(relaxation.changes, relaxation.requirements).map(({ path, value }) => ({
    key: path.join('.'),
    value,
  })),
  offers: relaxation.offers,
  added: relaxation.added,
  cheapest: toOfferDocument(relaxation.cheapest, 1),
  cheapest_added: toOfferDocument(relaxation.cheapestAdded, 1),
})

export const toWhyDocument = (why: Why): Json => ({
  format_version: formatVersion,
  kind: 'why',
  requirements: toRequirementsDocument(why.requirements),
  counts: { offers: why.total, matched: why.matched },
  filters: why.steps.map(({ filter, left, removed, ifDropped }) => ({
    filter: nameOf(filter),
    asked: askedOf(filter),
    left,
    removed,
    if_dropped: { matched: ifDropped.offers, cheapest: offerOrNull(ifDropped.cheapest) },
  })),
  relaxations: why.relaxations.map(toRelaxationDocument),
  relaxations_found: why.relaxationsFound,
  near_misses: why.nearMisses.map(({ kind, name, nearest }) => ({
    kind: kind.replaceAll('-', '_'),
    name,
    nearest,
  })),
})

/** `rank` counts from 1. */
export const toProvenanceDocument = (provenance: Provenance, rank: number) =>
  ({
    format_version: formatVersion,
    kind: 'provenance',
    offer: toOfferDocument(provenance.offer, rank),
    backend: {
      digest: provenance.backendDigest,
      offers: provenance.backendOffers,
      importer: provenance.importer,
      notes: provenance.notes,
    },
    price_steps: provenance.steps.map(({ by, priceNanoUsd }) => ({
      by,
      amount: priceNanoUsd === null ? null : printUsd(priceNanoUsd),
    })),
  }) satisfies Json

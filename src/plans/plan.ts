/** A plan: which offers to try, in which order, and what they cost, for anyone to derive again. */
import type { Configuration } from '#domain/configuration'
import { CatalogUnreadableError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { printConfiguration } from '#configuration/print'
import type { Catalog } from '#offers/catalog'
import { type Certificate, certify } from './certificate.ts'
import type { Json } from '#domain/json'
import { type PriceRange, priceRange, type Replicas, replicasOf } from './replicas.ts'

/** A configuration with its shorthands spelled out and its secrets masked. */
export type NormalizedConfiguration = { readonly [key: string]: Json }

export interface Plan {
  readonly toolVersion: string
  /** Null where there were only flags. */
  readonly normalized: NormalizedConfiguration | null
  readonly requirements: Requirements
  readonly replicas: Replicas
  /** In the order to try them in. */
  readonly attempts: readonly Offer[]
  /** Nano-USD per instance-hour, over the attempts of known price. */
  readonly prices: PriceRange | null
  readonly certificate: Certificate
}

/** What a plan follows from, besides the catalog. */
export interface PlanBasis {
  readonly toolVersion: string
  readonly normalized: NormalizedConfiguration | null
  readonly requirements: Requirements
  readonly replicas: Replicas
  /** Attempts at most; 0 for all. */
  readonly limit: number
  /** Null where the catalog's prices are its own. */
  readonly overlayDigest: string | null
}

export interface PlanRequest extends Pick<PlanBasis, 'toolVersion' | 'requirements' | 'limit'> {
  /** Null where there are only flags. */
  readonly configuration: Configuration | null
  readonly overlayDigest?: string | null
}

export type SearchedCatalog = Pick<Catalog, 'search' | 'summary'>

export const planBasis = (request: PlanRequest): PlanBasis => ({
  toolVersion: request.toolVersion,
  normalized: request.configuration && printConfiguration(request.configuration),
  requirements: request.requirements,
  replicas: replicasOf(request.configuration),
  limit: request.limit,
  overlayDigest: request.overlayDigest ?? null,
})

/** Throws what a search of the catalog throws. */
export const makePlan = (request: PlanRequest, catalog: SearchedCatalog): Plan =>
  derivePlan(planBasis(request), catalog)

export const derivePlan = (basis: PlanBasis, catalog: SearchedCatalog): Plan => {
  const { toolVersion, normalized, requirements, replicas } = basis
  const found = searchUndisturbed(catalog, basis)
  return {
    toolVersion,
    normalized,
    requirements,
    replicas,
    attempts: found.offers,
    prices: priceRange(found.offers.map((offer) => offer.priceNanoUsd)),
    certificate: certify({ ...basis, ...found }),
  }
}

const tries = 5

/** One state of the catalog answers, though another process may replace a backend meanwhile. */
const searchUndisturbed = (
  catalog: SearchedCatalog,
  { requirements, limit }: PlanBasis,
): ReturnType<Catalog['search']> & { catalog: ReturnType<Catalog['summary']> } => {
  for (let attempt = 0; attempt < tries; attempt++) {
    const before = catalog.summary()
    const found = catalog.search(requirements, { limit })
    if (catalog.summary().digest === before.digest) return { ...found, catalog: before }
  }
  throw new CatalogUnreadableError('the catalog changed at each try to search it', {
    hint: 'plan again when the import has ended',
  })
}

/**
 * What an answer claims about itself, exactly enough for another program to check it against the
 * catalog file: what was asked, of which catalog, how many offers there are, how many match, and
 * up to which rank none is left out.
 */
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import type { Requirements } from '#domain/requirements'
import { jsonDigest } from './canonical-json.ts'
import type { CertificateDocument } from './plan-schema.ts'
import { rankOrder } from './rank-order.ts'
import { toRequirementsDocument } from './requirements-document.ts'

export interface Certificate {
  /** sha256 of the canonical requirements, in hex. */
  readonly requirementsDigest: string
  readonly catalogDigest: string
  /** Null where prices are the catalog's own. */
  readonly overlayDigest: string | null
  /** Offers in the catalog. */
  readonly considered: number
  readonly matched: number
  /** Offers asked for; 0 for all. */
  readonly limit: number
  readonly shown: number
  /** The last offer listed; null where none is. */
  readonly last: Offer | null
}

/** An answer as far as a certificate concerns it. */
export interface CertifiedAnswer {
  readonly requirements: Requirements
  readonly limit: number
  readonly offers: readonly Offer[]
  readonly matched: number
  readonly catalog: { readonly digest: string; readonly offers: number }
  readonly overlayDigest?: string | null
}

export const certify = ({
  requirements,
  limit,
  offers,
  matched,
  catalog,
  overlayDigest = null,
}: CertifiedAnswer): Certificate => ({
  requirementsDigest: jsonDigest(toRequirementsDocument(requirements)),
  catalogDigest: catalog.digest,
  overlayDigest,
  considered: catalog.offers,
  matched,
  limit,
  shown: offers.length,
  last: offers.at(-1) ?? null,
})

const toBound = (offer: Offer): CertificateDocument['bound'] => ({
  available: offer.stock !== 'none',
  price: offer.priceNanoUsd === null ? null : printUsd(offer.priceNanoUsd),
  backend: offer.backend,
  instance_type: offer.instanceType.name,
  spot: offer.spot,
  region: offer.region,
})

export const toCertificateDocument = (certificate: Certificate): CertificateDocument => ({
  order: [...rankOrder],
  requirements_digest: certificate.requirementsDigest,
  catalog_digest: certificate.catalogDigest,
  overlay_digest: certificate.overlayDigest,
  considered: certificate.considered,
  matched: certificate.matched,
  limit: certificate.limit,
  shown: certificate.shown,
  bound: certificate.last && toBound(certificate.last),
})

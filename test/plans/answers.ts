/** Random catalogs, and the answers that the program gives from them. */
import Database from 'better-sqlite3'
import { certify, toCertificateDocument } from '#api/certificates'
import { openCatalog, type Catalog } from '#api/catalog'
import { makePlan, toPlanDocument } from '#api/plans'
import { toOffersDocument } from '#cli/output/document'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { readRows } from '../../scripts/verify-certificate.ts'
import { randomRequirements, someOffers } from '../generators.ts'
import type { Random } from '../random.ts'
import { catalogFile } from './catalog-files.ts'

type CatalogRows = ReturnType<typeof readRows>

export interface RandomCatalog {
  readonly offers: readonly Offer[]
  readonly catalog: Catalog
  /** The rows as the independent verifier reads them. */
  readonly rows: CatalogRows
  readonly close: () => void
}

/** Mostly small: ties and near misses are as common there, and more catalogs are seen. */
export const randomCatalog = (random: Random): RandomCatalog => {
  const offers = someOffers(random, random.int(1, random.pick([20, 60, 150, 500])))
  const { path, remove } = catalogFile(offers)
  const catalog = openCatalog({ path })
  const database = new Database(path, { readonly: true })
  return {
    offers,
    catalog,
    rows: readRows([database]),
    close: () => {
      catalog.close()
      database.close()
      remove()
    },
  }
}

export const planAnswer = (catalog: Catalog, requirements: Requirements, limit: number) =>
  toPlanDocument(
    makePlan({ configuration: null, requirements, limit, toolVersion: '1.2.3' }, catalog),
  )

/** What a search prints as JSON, with its certificate. */
export const offersAnswer = (catalog: Catalog, requirements: Requirements, limit: number) => {
  const found = catalog.search(requirements, { limit })
  const summary = catalog.summary()
  const answer = { ...found, requirements, catalog: summary }
  const document = toOffersDocument({ ...answer, subject: null, profileName: null, nowMs: 0 }, null)
  // A search may say more of an offer than a certificate speaks of.
  const offers = document.offers.map((offer) => ({ ...offer, cost: null }))
  return { ...document, offers, certificate: toCertificateDocument(certify({ ...answer, limit })) }
}

export interface Case {
  readonly requirements: Requirements
  readonly limit: number
}

export const randomCase = (random: Random, offers: readonly Offer[]): Case => ({
  requirements: randomRequirements(random, offers),
  limit: random.pick([0, 1, 1, 2, 3, 5, 8, 13, 20, 25]),
})

/** Where an offer comes from, and how its price came to be. */
import type { Offer } from '#domain/offer'
import type { Sqlite } from '#platform/sqlite'
import type { Catalog } from '#offers/catalog'
import { noRequirements } from '#domain/requirements'

/** One step to the price that is shown: the observed one first, then each rule that changed it. */
export interface PriceStep {
  /** `observed`, or the rule as its file names it. */
  readonly by: string
  /** The price after the step. */
  readonly priceNanoUsd: number | null
}

export interface Provenance {
  readonly offer: Offer
  /** What the importer of that backend says about its prices. */
  readonly notes: readonly string[]
  /** sha256 over the rows of the backend, in hex; null where the catalog does not have it. */
  readonly backendDigest: string | null
  /** How many offers the backend has, and when its prices were seen. */
  readonly backendOffers: number
  /** Name and version of what read the offers; null where the catalog does not say. */
  readonly importer: string | null
  readonly steps: readonly PriceStep[]
}

/**
 * `overlaid` are the steps that changed the price after the catalog, in order; the offer then carries
 * the last price, and `observedNanoUsd` is what the catalog says.
 */
export const explainOffer = (
  catalog: Catalog,
  offer: Offer,
  overlay: { readonly observedNanoUsd: number | null; readonly steps: readonly PriceStep[] } | null,
): Provenance => {
  const asked = { ...noRequirements, backends: [offer.backend] }
  const backend = catalog
    .readFiles(asked, (database, { backends }) =>
      backends?.includes(offer.backend) ? readBackend(database, offer.backend) : null,
    )
    .find((found) => found !== null)
  const observed = overlay === null ? offer.priceNanoUsd : overlay.observedNanoUsd
  return {
    offer,
    notes: backend?.notes ?? [],
    backendDigest: backend?.digest ?? null,
    backendOffers: backend?.offers ?? 0,
    importer: backend?.importer || null,
    steps: [{ by: 'observed', priceNanoUsd: observed }, ...(overlay?.steps ?? [])],
  }
}

interface BackendRow {
  readonly notes: string
  readonly digest: string
  readonly importer: string
  readonly offers: number
}

const readBackend = (database: Sqlite, name: string) => {
  const row = database
    .prepare<[string], BackendRow>(
      'SELECT notes, digest, importer, offers FROM backend WHERE name = ?',
    )
    .get(name)
  return row === undefined ? null : { ...row, notes: sentences(row.notes) }
}

const sentences = (json: string): readonly string[] => {
  const parsed: unknown = JSON.parse(json)
  return Array.isArray(parsed) ? parsed.filter((one) => typeof one === 'string') : []
}

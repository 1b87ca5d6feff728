/** A home with a catalog and its history, and replacements of it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BackendOffers } from '#catalog/replace'
import type { Offer } from '#domain/offer'
import { type HistoryPlaces, historyPlaces } from '#history/location'
import { priceRecord } from '#history/price-record'
import { putBackend } from '#refresh/catalog-file'

export interface Journal {
  readonly home: string
  readonly environment: Readonly<Record<string, string>>
  readonly places: HistoryPlaces
  /** Replaces a backend at an instant such as `2026-11-01T10:00:00Z`, as a refresh does. */
  put(at: string, offers: readonly Offer[], over?: Partial<BackendOffers>): void
  end(): void
}

const importer = 'a test'

/** Seen at that instant, all of them. */
export const seenAt = (at: string, offers: readonly Offer[]): readonly Offer[] => {
  const observation = { source: 'a source', observedAt: at }
  return offers.map((offer) => ({ ...offer, observation }))
}

export const newJournal = (): Journal => {
  const home = mkdtempSync(join(tmpdir(), 'dstack-offers-history-'))
  const environment = { DSTACK_OFFERS_HOME: home }
  const places = historyPlaces(environment)
  return {
    home,
    environment,
    places,
    put: (at, offers, over = {}) => {
      const backend = offers[0]?.backend ?? 'aws'
      const replacement = { backend, offers: seenAt(at, offers), notes: [], importer, ...over }
      putBackend(
        places.catalogPath,
        replacement,
        priceRecord(places, () => Date.parse(at)),
      )
    },
    end: () => rmSync(home, { recursive: true, force: true }),
  }
}

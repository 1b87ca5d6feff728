/** The history as the catalog's writer keeps it: announced before, written after. */
import type { BackendOffers } from '#catalog/replace'
import { openWritableHistoryFile, guardedHistory } from './database.ts'
import { pendingGenerations } from './generations.ts'
import type { HistoryPlaces } from './location.ts'
import { beginGeneration, endGeneration } from './record.ts'
import { settle } from './settle.ts'
import type { Sqlite } from '#platform/sqlite'

/** Only the one who replaces backends may use it: it takes what another has begun for left behind. */
export interface PriceRecord {
  /** Before the catalog is touched: completes or drops what a kill left. */
  settle(): void
  /** Just before the catalog is put in place; `digest` is that of the backend in it. */
  begin(backend: string, digest: string): void
  /** As soon as it is in place. */
  end(replacement: BackendOffers): void
}

/** Throws CatalogUnreadableError where the history is damaged or cannot be written. */
export const priceRecord = (places: HistoryPlaces, nowMs: () => number): PriceRecord => {
  const { historyPath: path, catalogPath } = places
  const write = (work: (database: Sqlite) => void): void => {
    const database = openWritableHistoryFile(path)
    try {
      guardedHistory(path, () => database.transaction(work).immediate(database))
    } finally {
      database.close()
    }
  }
  return {
    settle: () => {
      const database = openWritableHistoryFile(path)
      try {
        guardedHistory(path, () => settle(database, { catalogPath, alone: true }))
      } finally {
        database.close()
      }
    },
    begin: (backend, digest) =>
      write((database) => {
        const recordedAt = Math.floor(nowMs() / 1000)
        beginGeneration(database, { backend, recordedAt, digest })
      }),
    end: (replacement) =>
      write((database) => {
        const { backend } = replacement
        // None is left where a reader has completed it meanwhile.
        const begun = pendingGenerations(database).find((one) => one.backend === backend)
        if (begun) endGeneration(database, begun.id, replacement)
      }),
  }
}

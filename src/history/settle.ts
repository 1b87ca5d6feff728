/** Brings the history to what the catalog holds, after a kill or a change from elsewhere. */
import { openCatalogFile } from '#catalog/database'
import type { BackendOffers } from '#catalog/replace'
import { type ShelvedBackend, shelvedBackends } from '#catalog/shelf'
import { noRequirements } from '#domain/requirements'
import { openCatalog } from '#offers/catalog'
import { parseInstant } from '#platform/clock'
import { systemFiles } from '#platform/files'
import type { Sqlite } from '#platform/sqlite'
import { lastGenerations, pendingGenerations } from './generations.ts'
import { beginGeneration, endGeneration } from './record.ts'

/** What the catalog holds of each backend, without its offers. */
const shelved = (catalogPath: string): readonly ShelvedBackend[] => {
  if (!systemFiles.exists(catalogPath)) return []
  const database = openCatalogFile(catalogPath)
  try {
    return shelvedBackends(database)
  } finally {
    database.close()
  }
}

const heldBy = (catalogPath: string, backend: string): BackendOffers => {
  const database = openCatalogFile(catalogPath)
  const catalog = openCatalog({ path: catalogPath })
  try {
    const row = database
      .prepare<[string], { notes: string; importer: string }>(
        'SELECT notes, importer FROM backend WHERE name = ?',
      )
      .get(backend)
    const notes: unknown = JSON.parse(row?.notes ?? '[]')
    return {
      backend,
      offers: catalog.first({ ...noRequirements, backends: [backend] }, 0),
      notes: Array.isArray(notes) ? notes.map(String) : [],
      importer: row?.importer ?? '',
    }
  } finally {
    catalog.close()
    database.close()
  }
}

interface Given {
  readonly catalogPath: string
  /** Whether nobody else can be between the two commits: only then is one that is begun dropped. */
  readonly alone: boolean
}

/**
 * A generation that was begun is completed where the catalog holds what it announced, and dropped
 * where it does not. A backend that the catalog holds in another state than the history's last is
 * recorded with the time its prices were seen: its first sight, or a catalog put there by hand.
 */
export const settle = (database: Sqlite, { catalogPath, alone }: Given): void => {
  const backends = shelved(catalogPath)
  const work = database.transaction(() => {
    for (const { id, backend, digest } of pendingGenerations(database)) {
      const isThere = backends.some((one) => one.name === backend && one.digest === digest)
      if (isThere) endGeneration(database, id, heldBy(catalogPath, backend))
      else if (alone) database.prepare('DELETE FROM generation WHERE id = ?').run(id)
    }
    const last = new Map(lastGenerations(database).map((one) => [one.backend, one]))
    for (const { name: backend, digest, newest } of backends) {
      const known = last.get(backend)
      if (known?.digest === digest) continue
      const seenAt = Math.floor((parseInstant(newest) ?? 0) / 1000)
      const recordedAt = Math.max(seenAt, known?.recordedAt ?? 0)
      const id = beginGeneration(database, { backend, recordedAt, digest })
      endGeneration(database, id, heldBy(catalogPath, backend))
    }
  })
  work.immediate()
}

/** Whether there is anything to settle: a look that writes nothing. */
export const isSettled = (database: Sqlite, catalogPath: string): boolean => {
  if (pendingGenerations(database).length > 0) return false
  const last = new Map(lastGenerations(database).map(({ backend, digest }) => [backend, digest]))
  return shelved(catalogPath).every(({ name, digest }) => last.get(name) === digest)
}

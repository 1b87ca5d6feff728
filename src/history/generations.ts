/** Generations: which backend was replaced when, and whether the history has all of it. */
import type { Sqlite } from '#platform/sqlite'

export interface Generation {
  readonly id: number
  readonly backendId: number
  readonly backend: string
  /** Seconds since 1970. */
  readonly recordedAt: number
  /** Of the backend's offers in the catalog, in hex. */
  readonly digest: string
}

const columns = `generation.id, backend_id AS backendId, backend.name AS backend,
  recorded_at AS recordedAt, lower(hex(digest)) AS digest
  FROM generation JOIN backend ON backend.id = backend_id`

/** Begun and not ended; the newest last. */
export const pendingGenerations = (database: Sqlite): readonly Generation[] =>
  database.prepare<[], Generation>(`SELECT ${columns} WHERE complete = 0 ORDER BY 1`).all()

/** The last complete one of each backend recorded up to a moment, in the order of names. */
export const lastGenerations = (
  database: Sqlite,
  untilSeconds: number = Number.MAX_SAFE_INTEGER,
): readonly Generation[] =>
  database
    .prepare<[number], Generation>(
      `SELECT ${columns} WHERE generation.id IN (
         SELECT max(id) FROM generation WHERE complete > 0 AND recorded_at <= ? GROUP BY backend_id)
       ORDER BY backend.name`,
    )
    .all(untilSeconds)

/** The first complete one of each backend. */
export const firstGenerations = (database: Sqlite): readonly Generation[] =>
  database
    .prepare<[], Generation>(
      `SELECT ${columns} WHERE generation.id IN (
         SELECT min(id) FROM generation WHERE complete > 0 GROUP BY backend_id)
       ORDER BY backend.name`,
    )
    .all()

/** Those before which others were forgotten: the first of their backends. */
export const cutGenerations = (database: Sqlite): readonly Generation[] =>
  database.prepare<[], Generation>(`SELECT ${columns} WHERE complete = 2`).all()

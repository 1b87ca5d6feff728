/** Starts of requests that all processes of a user keep apart: a small file, and SQLite's lock on it. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { type HostLimit, ownStarts, type Starts, startAfter } from './http-turns.ts'
import { openSqlite, type Sqlite, sqliteCode } from './sqlite.ts'

const schema =
  'CREATE TABLE IF NOT EXISTS starts (host TEXT PRIMARY KEY, taken_ms REAL NOT NULL) STRICT'

/** So many processes may wait for one host, each with as many requests as it makes at once. */
const mostProcesses = 16

const prepare = (database: Sqlite): void => {
  database.pragma('busy_timeout = 2000')
  // Safe where a process dies; what is lost with the power was a matter of milliseconds.
  database.pragma('journal_mode = TRUNCATE')
  database.pragma('synchronous = OFF')
  database.transaction(() => database.exec(schema)).immediate()
}

const open = (path: string): Sqlite => {
  mkdirSync(dirname(path), { recursive: true })
  const database = openSqlite(path, { readonly: false })
  try {
    prepare(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const takenIn = (database: Sqlite, host: string): number | null => {
  const row: unknown = database.prepare('SELECT taken_ms FROM starts WHERE host = ?').get(host)
  const taken: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, 'taken_ms') : 0
  return typeof taken === 'number' && taken > 0 ? taken : null
}

const takeIn = (database: Sqlite, host: string, nowMs: number, limit: HostLimit): number => {
  const takeNext = (): number => {
    const shared = { ...limit, atOnce: limit.atOnce * mostProcesses }
    const startMs = startAfter(takenIn(database, host), nowMs, shared)
    database.prepare('INSERT OR REPLACE INTO starts VALUES (?, ?)').run(host, startMs)
    return startMs
  }
  return database.transaction(takeNext).immediate()
}

export interface SharedStarts extends Starts {
  close(): void
}

/**
 * Opened with the first request. A file that cannot be used keeps nobody from destroying a machine:
 * then requests start as if this process were alone.
 */
export const sharedStarts = (path: string): SharedStarts => {
  const alone = ownStarts()
  let database: Sqlite | null = null
  let isBroken = false
  return {
    take: (host, nowMs, limit) => {
      if (isBroken) return alone.take(host, nowMs, limit)
      try {
        database ??= open(path)
        return takeIn(database, host, nowMs, limit)
      } catch (error) {
        isBroken = !(sqliteCode(error)?.startsWith('SQLITE_BUSY') ?? false)
        return alone.take(host, nowMs, limit)
      }
    },
    close: () => database?.close(),
  }
}

/** Opens the history file: checks that it is one, brings its schema forward, names what is wrong. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { CatalogNewerError, CatalogUnreadableError, KnownError } from '#domain/errors'
import { isUnwritable } from '#platform/derived-files'
import { openSqlite, sqliteCode, type Sqlite } from '#platform/sqlite'
import { historyMigrations } from './schema.ts'

/** Marks a SQLite file as a history of ours: "dofh". */
const applicationId = 0x646f6668

/** The file must exist. */
export const openHistoryFile = (path: string): Sqlite =>
  guardedHistory(path, () => {
    const database = openSqlite(path, { readonly: true })
    return checked(database, () => requireHistory(database, path))
  })

/** Makes the file where there is none. */
export const openWritableHistoryFile = (path: string): Sqlite =>
  guardedHistory(path, () => {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    const database = openSqlite(path, { readonly: false })
    return checked(database, () => {
      if (!isBegun(database)) bringForward(database)
      requireHistory(database, path)
      if (versionOf(database) < historyMigrations.length) bringForward(database)
    })
  })

const checked = (database: Sqlite, check: () => void): Sqlite => {
  try {
    check()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const versionOf = (database: Sqlite): number =>
  Number(database.pragma('user_version', { simple: true }))

const isBegun = (database: Sqlite): boolean =>
  Number(database.pragma('schema_version', { simple: true })) > 0

/** In one commit: a kill leaves a file of ours or an empty one. */
const bringForward = (database: Sqlite): void => {
  const migrate = database.transaction(() => {
    if (!isBegun(database)) database.pragma(`application_id = ${applicationId}`)
    for (const migration of historyMigrations.slice(versionOf(database))) database.exec(migration)
    database.pragma(`user_version = ${historyMigrations.length}`)
  })
  migrate.immediate()
}

const requireHistory = (database: Sqlite, path: string): void => {
  if (Number(database.pragma('application_id', { simple: true })) !== applicationId) {
    throw new CatalogUnreadableError(`"${path}" is a SQLite file, but not a price history`)
  }
  const version = versionOf(database)
  if (version > historyMigrations.length) {
    throw new CatalogNewerError(
      `price history "${path}" has schema ${version}; this program knows schemas up to ${historyMigrations.length}`,
      { hint: 'upgrade dstack-offers' },
    )
  }
}

const faultOf = (error: unknown): string | null => {
  const code = sqliteCode(error)
  if (code === null) return isUnwritable(error) ? 'cannot be written' : null
  if (code === 'SQLITE_NOTADB') return 'is not a SQLite file'
  if (code.startsWith('SQLITE_BUSY')) return 'is in use by another process'
  if (code.startsWith('SQLITE_CORRUPT')) return 'is truncated or damaged'
  return `cannot be read or written (${code})`
}

/** One that is only in use must not be moved away. */
const hintOf = (error: unknown): string =>
  sqliteCode(error)?.startsWith('SQLITE_BUSY') === true
    ? 'try again in a moment'
    : 'check the space and the permissions of its folder; moved away, it begins anew'

/** Runs work on the history file and turns SQLite's errors into ours. */
export const guardedHistory = <T>(path: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (error instanceof KnownError) throw error
    const fault = faultOf(error)
    if (fault === null) throw error
    throw new CatalogUnreadableError(`price history "${path}" ${fault}`, {
      hint: hintOf(error),
      cause: error,
    })
  }
}

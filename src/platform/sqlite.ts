/**
 * The one door to SQLite. better-sqlite3 normally searches a dozen places for its binary; naming
 * the file outright is faster and still works from a bundle.
 */
import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'

export type Sqlite = Database.Database
export type Statement = Database.Statement

const binary = join('better-sqlite3', 'build', 'Release', 'better_sqlite3.node')

/** Where packages are looked for, nearest first: what Node's own search does, without its cost. */
const nativeBinding = (): string => {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', binary)
    if (existsSync(path)) return path
    if (folder === dirname(folder)) break
  }
  const manifest = createRequire(import.meta.url).resolve('better-sqlite3/package.json')
  return join(dirname(manifest), '..', binary)
}

/**
 * Opens a database file, or `:memory:`. Throws better-sqlite3's errors; see `sqliteCode`.
 * A file that is shorter than its own header says is refused here: SQLite would find out only when
 * a query happens to touch a missing page.
 */
export const openSqlite = (path: string, options: { readonly: boolean }): Sqlite => {
  const database = new Database(path, {
    readonly: options.readonly,
    fileMustExist: options.readonly,
    nativeBinding: nativeBinding(),
  })
  try {
    if (path !== ':memory:' && statSync(path).size > 0) refuseTruncated(database, path)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

const refuseTruncated = (database: Sqlite, path: string): void => {
  // Pages that were just written stand in the log beside the file for a while.
  if (database.pragma('journal_mode', { simple: true }) === 'wal') return
  const pages = Number(database.pragma('page_count', { simple: true }))
  const pageBytes = Number(database.pragma('page_size', { simple: true }))
  if (statSync(path).size < pages * pageBytes) {
    throw new Database.SqliteError('file is shorter than its header says', 'SQLITE_CORRUPT')
  }
}

/** SQLite's code of an error (`SQLITE_NOTADB`), or null for an error that is not SQLite's. */
export const sqliteCode = (error: unknown): string | null =>
  error instanceof Database.SqliteError ? error.code : null

/** A place that only one process holds at a time. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { openSqlite, sqliteCode } from './sqlite.ts'

/**
 * Null where another holds it. SQLite's lock on the file is the lock: the system lets go of it when
 * the holder dies, however it dies, so none is ever left behind.
 */
export const holdExclusively = (path: string): { release(): void } | null => {
  mkdirSync(dirname(path), { recursive: true })
  const database = openSqlite(path, { readonly: false })
  try {
    database.pragma('busy_timeout = 0')
    database.exec('BEGIN EXCLUSIVE')
    return { release: () => database.close() }
  } catch (error) {
    database.close()
    if (sqliteCode(error)?.startsWith('SQLITE_BUSY')) return null
    throw error
  }
}

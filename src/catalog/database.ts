/** Opens a catalog file: checks that it is one, brings its schema forward, names what is wrong. */
import {
  CatalogMissingError,
  CatalogNewerError,
  CatalogUnreadableError,
  type KnownError,
} from '#domain/errors'
import { systemFiles } from '#platform/files'
import { openSqlite, sqliteCode, type Sqlite } from '#platform/sqlite'
import { migrations } from './migrations/all.ts'

/** Marks a SQLite file as a catalog of ours: "dofr". */
const applicationId = 0x646f6672

/** Opens for reading. The file must exist and hold a schema of this version. */
export const openCatalogFile = (path: string): Sqlite =>
  guarded(path, () => {
    const database = openSqlite(path, { readonly: true })
    return checked(database, () => {
      requireCatalog(database, path)
      const version = schemaVersion(database)
      if (version > migrations.length) throw newer(path, version)
      if (version < migrations.length) {
        throw new CatalogUnreadableError(
          `catalog "${path}" has schema ${version}; this program reads schema ${migrations.length}`,
          { hint: 'open it once for writing, which brings it forward' },
        )
      }
    })
  })

/** Opens for writing, creating the file or bringing its schema forward. `:memory:` is allowed. */
export const openWritableCatalogFile = (path: string): Sqlite =>
  guarded(path, () => {
    const database = openSqlite(path, { readonly: false })
    return checked(database, () => {
      if (isEmpty(database)) database.pragma(`application_id = ${applicationId}`)
      requireCatalog(database, path)
      if (schemaVersion(database) > migrations.length) {
        throw newer(path, schemaVersion(database))
      }
      migrate(database)
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

const migrate = (database: Sqlite): void => {
  const forward = database.transaction(() => {
    for (const migration of migrations.slice(schemaVersion(database))) database.exec(migration)
    database.pragma(`user_version = ${migrations.length}`)
  })
  forward.immediate()
}

const schemaVersion = (database: Sqlite): number =>
  Number(database.pragma('user_version', { simple: true }))

const isEmpty = (database: Sqlite): boolean =>
  Number(database.pragma('schema_version', { simple: true })) === 0

const requireCatalog = (database: Sqlite, path: string): void => {
  if (Number(database.pragma('application_id', { simple: true })) !== applicationId) {
    throw new CatalogUnreadableError(`"${path}" is a SQLite file, but not a catalog`)
  }
}

const newer = (path: string, version: number): CatalogNewerError =>
  new CatalogNewerError(
    `catalog "${path}" has schema ${version}; this program knows schemas up to ${migrations.length}`,
    { hint: 'upgrade dstack-offers, or use another catalog' },
  )

/** Runs work on a catalog file and turns SQLite's errors into ours. */
export const guarded = <T>(path: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    if (systemFiles.isDirectory(path)) {
      throw new CatalogUnreadableError(`"${path}" is a directory, not a catalog`, { cause: error })
    }
    throw named(path, error) ?? error
  }
}

const named = (path: string, error: unknown): KnownError | null => {
  const code = sqliteCode(error)
  if (code === null && isMissingFolder(error)) return missing(path)
  if (code === null) return null
  if (code.startsWith('SQLITE_CANTOPEN')) return missing(path)
  if (code === 'SQLITE_NOTADB') {
    return new CatalogUnreadableError(`"${path}" is not a SQLite file`, { cause: error })
  }
  if (code.startsWith('SQLITE_CORRUPT') || code.startsWith('SQLITE_IOERR')) {
    return new CatalogUnreadableError(`catalog "${path}" is truncated or damaged`, { cause: error })
  }
  return new CatalogUnreadableError(`catalog "${path}" cannot be read (${code})`, { cause: error })
}

const missing = (path: string): CatalogMissingError =>
  new CatalogMissingError(`no readable catalog at "${path}"`, {
    hint: 'check the path given with --catalog',
  })

const isMissingFolder = (error: unknown): boolean =>
  error instanceof TypeError && error.message.includes('directory does not exist')

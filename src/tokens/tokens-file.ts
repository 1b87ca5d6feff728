/** Opens the file that tokens live in: private to its user, with its own schema and version. */
import { StateUnreadableError } from '#domain/errors'
import { isUnwritable } from '#platform/derived-files'
import { fileIdentity } from '#platform/file-identity'
import { writePrivateFile } from '#platform/private-file'
import { openSqlite, sqliteCode, type Sqlite } from '#platform/sqlite'

const migrations = [
  `
CREATE TABLE token (
  id TEXT PRIMARY KEY, name TEXT NOT NULL, digest BLOB NOT NULL UNIQUE, runs TEXT,
  created_ms INTEGER NOT NULL, expires_ms INTEGER, revoked_ms INTEGER, used_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX token_of_name ON token (name) WHERE revoked_ms IS NULL;
`,
]

/** Marks a SQLite file as ours: "doft". */
const applicationId = 0x646f6674

const numberOf = (database: Sqlite, pragma: string): number =>
  Number(database.pragma(pragma, { simple: true }))

/** Before anything is changed: the file may be another program's. */
const refuseForeign = (database: Sqlite, path: string): void => {
  if (numberOf(database, 'schema_version') === 0) return
  if (numberOf(database, 'application_id') !== applicationId) {
    throw new StateUnreadableError(`"${path}" is no file of tokens`, {
      hint: 'move it away; a new one is made with the next token',
    })
  }
  if (numberOf(database, 'user_version') > migrations.length) {
    throw new StateUnreadableError(`"${path}" was written by a newer dstack-offers`, {
      hint: 'update dstack-offers',
    })
  }
}

/** Two processes may come at once: what is to be done is looked at under the lock. */
const bringForward = (database: Sqlite): void => {
  if (numberOf(database, 'user_version') === migrations.length) return
  const migrate = (): void => {
    database.pragma(`application_id = ${applicationId}`)
    for (const migration of migrations.slice(numberOf(database, 'user_version'))) {
      database.exec(migration)
    }
    database.pragma(`user_version = ${migrations.length}`)
  }
  database.transaction(migrate).immediate()
}

export const busyTimeoutMs = 5000

const open = (path: string): Sqlite => {
  const database = openSqlite(path, { readonly: false })
  try {
    database.pragma(`busy_timeout = ${busyTimeoutMs}`)
    refuseForeign(database, path)
    database.pragma('journal_mode = WAL')
    // What is revoked stays so when the power fails.
    database.pragma('synchronous = FULL')
    bringForward(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Errors of SQLite, and those of a place that cannot be written to, become a StateUnreadableError. */
const readable = <T>(path: string, work: () => T): T => {
  try {
    return work()
  } catch (error) {
    const why = sqliteCode(error) ?? (isUnwritable(error) ? 'no space or no permission' : null)
    if (why === null) throw error
    throw new StateUnreadableError(`the tokens in "${path}" cannot be read or written (${why})`, {
      cause: error,
    })
  }
}

export interface TokensFile {
  readonly database: Sqlite
  /**
   * Does what needs the file. Throws StateUnreadableError, also where the file that was opened is
   * gone or another one is in its place: what is in it then is in force no more.
   */
  readonly within: <T>(work: () => T) => T
}

/** Creates it where there is none. Throws StateUnreadableError. */
export const openTokensFile = (path: string): TokensFile => {
  const database = readable(path, () => {
    writePrivateFile(path, '')
    return open(path)
  })
  const opened = fileIdentity(path)
  return {
    database,
    within: (work) => {
      const now = fileIdentity(path)
      if (now !== null && now === opened) return readable(path, work)
      const what = now === null ? 'is gone' : 'is another one by now'
      throw new StateUnreadableError(`the file of tokens "${path}" ${what}`, {
        hint: 'put it back where it was, or start dstack-offers server again',
      })
    },
  }
}

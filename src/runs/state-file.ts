/** Opens the file that runs live in: private to its user, with its own schema and version. */
import { StateUnreadableError } from '#domain/errors'
import { isUnwritable } from '#platform/derived-files'
import { writePrivateFile } from '#platform/private-file'
import { openSqlite, sqliteCode, type Sqlite } from '#platform/sqlite'
import { runsSchema } from './migrations/0001-runs.ts'
import { scalingSchema } from './migrations/0002-scaling.ts'
import { leaseProcessSchema } from './migrations/0003-lease-process.ts'
import { servedSchema } from './migrations/0004-served.ts'

const migrations = [runsSchema, scalingSchema, leaseProcessSchema, servedSchema]

/** Marks a SQLite file as ours: "dofs". */
const applicationId = 0x646f6673

const versionOf = (database: Sqlite): number =>
  Number(database.pragma('user_version', { simple: true }))

const isNew = (database: Sqlite): boolean =>
  Number(database.pragma('schema_version', { simple: true })) === 0

/** Before anything is changed: the file may be another program's. */
const refuseForeign = (database: Sqlite, path: string): void => {
  if (isNew(database)) return
  if (Number(database.pragma('application_id', { simple: true })) !== applicationId) {
    throw new StateUnreadableError(`"${path}" is no file of runs`)
  }
  if (versionOf(database) > migrations.length) {
    throw new StateUnreadableError(`"${path}" was written by a newer dstack-offers`, {
      hint: 'update dstack-offers',
    })
  }
}

/** Two processes may come at once: what is to be done is looked at under the lock. */
const bringForward = (database: Sqlite): void => {
  const migrate = (): void => {
    if (isNew(database)) database.pragma(`application_id = ${applicationId}`)
    for (const migration of migrations.slice(versionOf(database))) database.exec(migration)
    database.pragma(`user_version = ${migrations.length}`)
  }
  if (versionOf(database) < migrations.length) database.transaction(migrate).immediate()
}

export interface StateFileOptions {
  /**
   * What is committed is on the disk: a machine may be made right after. False only where nothing
   * real hangs on it.
   */
  readonly durable: boolean
}

const prepare = (database: Sqlite, path: string, { durable }: StateFileOptions): void => {
  database.pragma('busy_timeout = 5000')
  refuseForeign(database, path)
  database.pragma('journal_mode = WAL')
  database.pragma(`synchronous = ${durable ? 'FULL' : 'OFF'}`)
  bringForward(database)
}

const open = (path: string, options: StateFileOptions): Sqlite => {
  const database = openSqlite(path, { readonly: false })
  try {
    prepare(database, path, options)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

/** Creates it where there is none. `:memory:` is allowed. Throws StateUnreadableError. */
export const openStateFile = (
  path: string,
  options: StateFileOptions = { durable: true },
): Sqlite => {
  try {
    if (path !== ':memory:') writePrivateFile(path, '')
    return open(path, options)
  } catch (error) {
    const why = sqliteCode(error) ?? (isUnwritable(error) ? 'no space or no permission' : null)
    if (why === null) throw error
    throw new StateUnreadableError(`the runs in "${path}" cannot be read or written (${why})`, {
      cause: error,
    })
  }
}

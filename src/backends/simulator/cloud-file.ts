/** A simulated cloud that several processes see: its state in a file, changed by one at a time. */
import { writePrivateFile } from '#platform/private-file'
import { openSqlite, type Sqlite } from '#platform/sqlite'
import { type CloudState, newCloudState } from './cloud.ts'
import { readCloudState } from './schema.ts'

const seed = 1

const open = (path: string): Sqlite => {
  writePrivateFile(path, '')
  const database = openSqlite(path, { readonly: false })
  database.pragma('busy_timeout = 5000')
  database.exec('CREATE TABLE IF NOT EXISTS cloud (state TEXT NOT NULL) STRICT')
  return database
}

const load = (database: Sqlite): CloudState => {
  const text = database.prepare<[], string>('SELECT state FROM cloud').pluck().get()
  return text === undefined ? newCloudState(seed) : readCloudState(text)
}

const save = (database: Sqlite, state: CloudState): void => {
  database.prepare('DELETE FROM cloud').run()
  database.prepare('INSERT INTO cloud (state) VALUES (?)').run(JSON.stringify(state))
}

/** What was changed is kept even where the work throws: a lost answer undoes nothing. */
export const withCloudFile = <T>(path: string, work: (state: CloudState) => T): T => {
  const database = open(path)
  try {
    database.exec('BEGIN IMMEDIATE')
    const state = load(database)
    try {
      return work(state)
    } finally {
      save(database, state)
      database.exec('COMMIT')
    }
  } finally {
    database.close()
  }
}

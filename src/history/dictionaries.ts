/** Names that are stored once. Each gives the id of a name, making it where it is new. */
import type { Sqlite } from '#platform/sqlite'

const idOf = (database: Sqlite, table: 'backend' | 'word', column: string, text: string): number =>
  database
    .prepare<[string], number>(`SELECT id FROM ${table} WHERE ${column} = ?`)
    .pluck()
    .get(text) ??
  Number(database.prepare(`INSERT INTO ${table} (${column}) VALUES (?)`).run(text).lastInsertRowid)

export const backendIdOf = (database: Sqlite, name: string): number =>
  idOf(database, 'backend', 'name', name)

export const wordIdOf = (database: Sqlite, text: string): number =>
  idOf(database, 'word', 'text', text)

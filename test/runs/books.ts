/** A state file and its time: kept between worlds where many are needed, and emptied for each. */
import type { Sqlite } from '#platform/sqlite'
import { openStateFile } from '#runs/state-file'
import { newStore, type Store } from '#runs/store'

export interface Books {
  readonly database: Sqlite
  readonly store: Store
  readonly time: { nowMs: number }
}

const startMs = Date.parse('2026-11-24T12:00:00Z')

export const openBooks = (path = ':memory:'): Books => {
  const time = { nowMs: startMs }
  const database = openStateFile(path, { durable: false })
  return { database, store: newStore(database, () => time.nowMs), time }
}

/** In the order that their references allow. */
export const tables = [
  'transition',
  'cool_down',
  'side_object',
  'instance',
  'attempt',
  'replica',
  'run',
  'lease',
  'owner',
] as const

export const emptied = (books: Books): Books => {
  for (const table of tables) books.database.exec(`DELETE FROM ${table}`)
  books.time.nowMs = startMs
  return books
}

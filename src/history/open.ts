/** Opens the history to read it. */
import { statSync } from 'node:fs'
import { HistoryMissingError, KnownError } from '#domain/errors'
import { isUnwritable } from '#platform/derived-files'
import { systemFiles } from '#platform/files'
import { sqliteCode, type Sqlite } from '#platform/sqlite'
import { guardedHistory, openHistoryFile, openWritableHistoryFile } from './database.ts'
import type { HistoryPlaces } from './location.ts'
import { isSettled, settle } from './settle.ts'

const isReadOnly = (error: unknown): boolean => {
  const cause = error instanceof KnownError ? error.cause : error
  const code = sqliteCode(cause) ?? ''
  return isUnwritable(cause) || /^SQLITE_(READONLY|CANTOPEN)/.test(code)
}

/** False too where a commit was cut off: what it left can only be undone by who may write. */
const needsNothing = ({ historyPath, catalogPath }: HistoryPlaces): boolean => {
  try {
    const reader = openHistoryFile(historyPath)
    try {
      return guardedHistory(historyPath, () => isSettled(reader, catalogPath))
    } finally {
      reader.close()
    }
  } catch (error) {
    if (isReadOnly(error)) return false
    throw error
  }
}

/** Where only reading is allowed, the history is read as it stands. */
const bringUp = (places: HistoryPlaces): void => {
  const { historyPath: path, catalogPath } = places
  if (needsNothing(places)) return
  try {
    const writer = openWritableHistoryFile(path)
    try {
      guardedHistory(path, () => settle(writer, { catalogPath, alone: false }))
    } finally {
      writer.close()
    }
  } catch (error) {
    if (!isReadOnly(error)) throw error
  }
}

/** An empty file is what a kill leaves before the first commit. */
const isBegun = (path: string): boolean =>
  (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0

const nothingRecorded = (): HistoryMissingError =>
  new HistoryMissingError('no price is recorded yet', {
    hint: 'dstack-offers catalog refresh records every change from then on',
  })

/**
 * What a kill left is completed first. Throws HistoryMissingError where nothing was ever recorded:
 * the catalog that comes with the program has one state only, that of the days it was seen.
 */
export const openHistory = (places: HistoryPlaces): Sqlite => {
  const { historyPath, catalogPath } = places
  if (!isBegun(historyPath)) {
    if (!systemFiles.exists(catalogPath)) throw nothingRecorded()
    openWritableHistoryFile(historyPath).close()
  }
  bringUp(places)
  const database = openHistoryFile(historyPath)
  const generations = guardedHistory(historyPath, () =>
    database.prepare('SELECT count(*) FROM generation WHERE complete > 0').pluck().get(),
  )
  if (generations !== 0) return database
  database.close()
  throw nothingRecorded()
}

/** Opens, reads and closes. */
export const withHistory = <T>(places: HistoryPlaces, read: (database: Sqlite) => T): T => {
  const database = openHistory(places)
  try {
    return guardedHistory(places.historyPath, () => read(database))
  } finally {
    database.close()
  }
}

/** The same, for work that writes. */
export const withWritableHistory = <T>(
  places: HistoryPlaces,
  write: (database: Sqlite) => T,
): T => {
  openHistory(places).close()
  const { historyPath } = places
  const database = openWritableHistoryFile(historyPath)
  try {
    return guardedHistory(historyPath, () => write(database))
  } finally {
    database.close()
  }
}

/** A copy of the history for who reads long: while the file itself is read, its writers wait. */
import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { isUnwritable, makeTemporaryFolder } from '#platform/derived-files'
import { guardedHistory, openHistoryFile } from './database.ts'

export interface CopiedHistory {
  readonly path: string
  /** The folder that holds the copy and nothing else; null where there is no place for one. */
  readonly folder: string | null
  remove(): void
}

/** Within a transaction that reads: nobody writes to the file meanwhile. */
const copyTo = (path: string, copy: string): void => {
  const database = openHistoryFile(path)
  try {
    const work = database.transaction(() => {
      database.prepare('SELECT count(*) FROM generation').get()
      copyFileSync(path, copy)
    })
    guardedHistory(path, work)
  } finally {
    database.close()
  }
}

/** Where there is no place for a copy, the history itself is read. */
export const copiedHistory = (path: string): CopiedHistory => {
  let remove = (): void => {}
  try {
    const temporary = makeTemporaryFolder()
    remove = () => temporary.remove()
    const copy = join(temporary.path, 'history.sqlite')
    copyTo(path, copy)
    return { path: copy, folder: temporary.path, remove }
  } catch (error) {
    remove()
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error
    if (!isUnwritable(cause)) throw error
    return { path, folder: null, remove: () => {} }
  }
}

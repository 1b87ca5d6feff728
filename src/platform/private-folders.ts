/** Folders and files that only their owner reads, written so that a reader sees all or nothing. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** False where it is there already. Of several that try, one makes it. */
export const makeFolderOnce = (path: string): boolean => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  try {
    mkdirSync(path, { mode: 0o700 })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** In a folder that is there. */
export const replaceFile = (path: string, text: string): void => {
  writeFileSync(`${path}.partial`, text, { mode: 0o600 })
  renameSync(`${path}.partial`, path)
}

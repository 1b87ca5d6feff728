import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined

/** The text of a file, or null where there is none. Other failures are thrown as they are. */
export const readTextFile = (path: string): string | null => {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Writes a file and the folders it lies in. */
export const writeTextFile = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** Removes a file or folder with all it holds; nothing happens where there is none. */
export const removeTree = (path: string): void => rmSync(path, { recursive: true, force: true })

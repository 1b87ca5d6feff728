/** Files that only their owner may read. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** False, and nothing written, where there is a file of that name already. */
export const writePrivateFile = (path: string, text: string): boolean => {
  mkdirSync(dirname(path), { recursive: true })
  try {
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' })
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** Whether its mode lets anybody but the owner in. On Windows a mode says nothing: false. */
export const isOpenToOthers = (path: string): boolean => {
  if (process.platform === 'win32') return false
  return ((statSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0
}

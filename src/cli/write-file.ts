import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { ArgumentError } from '#domain/errors'
import { makeAside } from '#platform/derived-files'
import type { World } from './world.ts'

const reasonOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error)

/** Writes aside, then renames: a reader sees the whole file or the one before. */
export const fileWriter =
  (cwd: string): World['writeFile'] =>
  (path, text) => {
    try {
      makeAside(resolve(cwd, path), (aside) => writeFileSync(aside, text))
    } catch (error) {
      throw new ArgumentError(`cannot write "${path}": ${reasonOf(error)}`, { cause: error })
    }
  }

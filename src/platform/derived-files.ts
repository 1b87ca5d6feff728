/** Files that are made from others and may be thrown away: made aside, then put in place whole. */
import { randomBytes } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const asideEnding = '.partial'

/**
 * `make` writes the file at the path it is given; a reader of `path` sees the whole of it or none.
 * Of two processes that make the same file, the later one's stays. Throws what `make` or the file
 * system throws, and leaves nothing behind.
 */
export const makeAside = (path: string, make: (aside: string) => void): void => {
  mkdirSync(dirname(path), { recursive: true })
  const aside = `${path}.${randomBytes(6).toString('hex')}${asideEnding}`
  try {
    make(aside)
    renameSync(aside, path)
  } catch (error) {
    for (const file of [aside, `${aside}-journal`]) rmSync(file, { force: true })
    throw error
  }
}

/** Marks a file as used now, for `prune`. That it cannot be marked is no reason to stop. */
export const markUsed = (path: string): void => {
  try {
    const now = Date.now() / 1000
    utimesSync(path, now, now)
  } catch {
    // On a file system that is read-only, nothing is pruned either.
  }
}

interface Aged {
  readonly path: string
  readonly usedMs: number
}

const filesIn = (folder: string, prefix: string): readonly Aged[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => {
      const path = join(folder, name)
      const stats = statSync(path, { throwIfNoEntry: false })
      return stats ? [{ path, usedMs: stats.mtimeMs }] : []
    })

const abandonedAfterMs = 60 * 60 * 1000

/** Keeps the `keep` files of that prefix that were used last, and removes what broken-off makers left. */
export const prune = (folder: string, prefix: string, keep: number): void => {
  try {
    const files = filesIn(folder, prefix)
    const isAside = ({ path }: Aged): boolean => path.includes(asideEnding)
    const abandoned = files.filter(
      (file) => isAside(file) && Date.now() - file.usedMs > abandonedAfterMs,
    )
    const old = files
      .filter((file) => !isAside(file))
      .toSorted((left, right) => right.usedMs - left.usedMs)
      .slice(keep)
    for (const { path } of [...abandoned, ...old]) rmSync(path, { force: true })
  } catch {
    // What stays costs space, and the next one prunes too.
  }
}

/** A folder of this process alone, and what removes it. */
export const makeTemporaryFolder = (): { readonly path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), 'dstack-offers-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'ENOTDIR', 'EDQUOT', 'EEXIST'])

/** Whether an error says that a place cannot be written to. */
export const isUnwritable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && unwritable.has(String(error.code))

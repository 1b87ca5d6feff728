/**
 * The folder that is served. Texts come first and the manifest last, each put in place whole: killed
 * anywhere, the folder is what the old manifest says, or the new one.
 */
import { join } from 'node:path'
import { RefreshLockedError } from '#domain/errors'
import { makeAside } from '#platform/derived-files'
import { holdExclusively } from '#platform/exclusive'
import { namesIn } from '#platform/folder-files'
import { readTextFile, removeTree, writeTextFile } from '#platform/text-files'
import { orUnwritable } from '#refresh/catalog-file'
import { manifestName, snapshotFolder, snapshotName } from './published-files.ts'

export interface PublishedFolder {
  readonly path: string
  /** The sealed manifest; null in a new folder. */
  readonly sealed: () => string | null
  readonly putSnapshot: (sha256: string, text: string) => void
  readonly putManifest: (sealed: string) => void
  /** Removes texts of other names, and what a killed export left. Gives how many texts. */
  readonly prune: (keep: ReadonlySet<string>) => number
}

const putWhole = (path: string, text: string): void => {
  if (readTextFile(path) !== text) makeAside(path, (aside) => writeTextFile(aside, text))
}

const leftover = /\.[0-9a-f]{12}\.partial$/
const textName = /^([0-9a-f]{64})\.json$/

const pruneTexts = (folder: string, keep: ReadonlySet<string>): number => {
  let removed = 0
  for (const name of namesIn(folder)) {
    const sha256 = textName.exec(name)?.[1]
    const isOld = sha256 !== undefined && !keep.has(sha256)
    if (isOld) removed += 1
    if (isOld || leftover.test(name)) removeTree(join(folder, name))
  }
  return removed
}

const pruneManifests = (folder: string): void => {
  for (const name of namesIn(folder)) {
    if (name.startsWith(manifestName) && leftover.test(name)) removeTree(join(folder, name))
  }
}

const folderAt = (path: string): PublishedFolder => ({
  path,
  sealed: () => readTextFile(join(path, manifestName)),
  putSnapshot: (sha256, text) => putWhole(join(path, snapshotName(sha256)), text),
  putManifest: (sealed) => putWhole(join(path, manifestName), sealed),
  prune: (keep) => {
    pruneManifests(path)
    return pruneTexts(join(path, snapshotFolder), keep)
  },
})

/** Works on a folder while no other export does. Throws RefreshLockedError where one is at it. */
export const inPublishedFolder = <T>(path: string, work: (folder: PublishedFolder) => T): T =>
  orUnwritable(path, () => {
    const held = holdExclusively(join(path, '.export.lock'))
    if (held === null) {
      throw new RefreshLockedError(`another export into "${path}" is at work`, {
        hint: 'wait for it to end',
      })
    }
    try {
      return work(folderAt(path))
    } finally {
      held.release()
    }
  })

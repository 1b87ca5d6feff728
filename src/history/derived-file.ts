/** A catalog that is made from the history: kept in the cache, and found again by its key. */
import { join } from 'node:path'
import { type Catalog, openCatalog } from '#offers/catalog'
import {
  isUnwritable,
  makeAside,
  makeTemporaryFolder,
  markUsed,
  prune,
} from '#platform/derived-files'
import { systemFiles } from '#platform/files'

const prefix = 'as-of-'

/** Files kept: a few days compared with each other. */
const keptFiles = 8

const openWhereSound = (path: string): Catalog | null => {
  if (!systemFiles.exists(path)) return null
  try {
    return openCatalog({ path })
  } catch {
    // It is made anew, and what keeps it from being opened then is told.
    return null
  }
}

export type Write = (path: string) => void

/** Where there is no place to keep it, it is made for this process alone. */
const withoutCache = (write: Write): Catalog => {
  const temporary = makeTemporaryFolder()
  try {
    const path = join(temporary.path, `${prefix}once.sqlite`)
    write(path)
    const catalog = openCatalog({ path })
    const close = (): void => {
      catalog.close()
      temporary.remove()
    }
    return { ...catalog, close }
  } catch (error) {
    temporary.remove()
    throw error
  }
}

/** Opens the catalog of that key in the folder, writing it first where it is not there. */
export const derivedFile = (folder: string, key: string, write: Write): Catalog => {
  const path = join(folder, `${prefix}${key.slice(0, 32)}.sqlite`)
  const found = openWhereSound(path)
  if (found) {
    markUsed(path)
    return found
  }
  try {
    makeAside(path, write)
  } catch (error) {
    if (isUnwritable(error)) return withoutCache(write)
    throw error
  }
  prune(folder, prefix, keptFiles)
  return openCatalog({ path })
}

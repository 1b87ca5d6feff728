/** Catalogs of this program: a snapshot as text, or a catalog file that somebody refreshed. */
import { dirname, join } from 'node:path'
import { openCatalogFile } from '#catalog/database'
import { listBackends } from '#catalog/listing'
import type { BackendOffers } from '#catalog/replace'
import { readSnapshot } from '#catalog/snapshot'
import { systemFiles } from '#platform/files'
import { firstBytes } from '#platform/folders'
import { heldOffers } from '#refresh/catalog-file'
import { containerOf } from './detect.ts'

export interface OwnCatalog {
  readonly what: string
  /** Reads it. */
  readonly backends: () => readonly BackendOffers[]
}

const snapshotFolder = (path: string): string | null => {
  if (systemFiles.exists(join(path, 'manifest.json'))) return path
  return path.endsWith('manifest.json') && systemFiles.exists(path) ? dirname(path) : null
}

const backendsOfFile = (path: string): readonly BackendOffers[] => {
  const database = openCatalogFile(path)
  try {
    return listBackends(database).map(({ backend, notes }) => ({
      backend,
      notes,
      offers: heldOffers(path, backend),
    }))
  } finally {
    database.close()
  }
}

/** Null where the path holds neither. */
export const findOwnCatalog = (argument: string, path: string): OwnCatalog | null => {
  const folder = snapshotFolder(path)
  if (folder !== null) {
    return {
      what: `snapshot of this program in "${argument}"`,
      backends: () => readSnapshot(folder),
    }
  }
  if (systemFiles.isDirectory(path) || containerOf(firstBytes(path, 16)) !== 'sqlite') return null
  return {
    what: `catalog file of this program "${argument}"`,
    backends: () => backendsOfFile(path),
  }
}

/** Catalogs of this program: a snapshot as text, or a catalog file that somebody refreshed. */
import { dirname, join } from 'node:path'
import { openCatalogFile } from '#catalog/database'
import { type BackendListing, listBackends } from '#catalog/listing'
import type { BackendOffers } from '#catalog/replace'
import { readSnapshot, readSnapshotManifest } from '#catalog/snapshot'
import { canonicalBackend } from '#domain/backend'
import { ArgumentError, CatalogUnreadableError } from '#domain/errors'
import { parseInstant } from '#platform/clock'
import { systemFiles } from '#platform/files'
import { firstBytes } from '#platform/folders'
import { printInstant } from '#platform/http-time'
import { readTextFile } from '#platform/text-files'
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

const listingOf = (path: string): readonly BackendListing[] => {
  const database = openCatalogFile(path)
  try {
    return listBackends(database)
  } finally {
    database.close()
  }
}

/** Times are compared as texts: one in another form would stand before all others for ever. */
const refuseOtherTimes = (path: string, { backend, sources }: BackendListing): void => {
  for (const { observedAt } of sources) {
    const instantMs = parseInstant(observedAt)
    if (instantMs !== null && printInstant(instantMs) === observedAt) continue
    throw new CatalogUnreadableError(
      `"${path}" says that prices of "${backend}" were seen "${observedAt}", which is no time`,
    )
  }
}

const isKnown = (backend: string): boolean => canonicalBackend(backend) === backend

/** A backend becomes part of paths, and of what the user may ask for: only known ones are let in. */
const knownOf = (
  what: string,
  names: readonly string[],
  read: () => readonly BackendOffers[],
): OwnCatalog => {
  const unknown = names.filter((name) => !isKnown(name))
  const listed = `"${unknown.join('", "')}"`
  if (names.length > 0 && unknown.length === names.length) {
    throw new ArgumentError(`${what} holds only ${listed}, no backend of this program`)
  }
  return {
    what: unknown.length === 0 ? what : `${what} without ${listed}, no backend of this program`,
    backends: () => read().filter(({ backend }) => isKnown(backend)),
  }
}

/** What `catalog export` writes is signed; `catalog pull` checks that, and an import would not. */
const refuseSigned = (argument: string, folder: string): void => {
  if (!/^\s*\{[^{]*"signature":/.test(readTextFile(join(folder, 'manifest.json')) ?? '')) return
  throw new ArgumentError(`"${argument}" is a signed set that catalog export made`, {
    hint: `take it with dstack-offers catalog pull ${argument} --key …, which verifies it`,
  })
}

/** Null where the path holds neither. */
export const findOwnCatalog = (argument: string, path: string): OwnCatalog | null => {
  const folder = snapshotFolder(path)
  if (folder !== null) {
    refuseSigned(argument, folder)
    const names = readSnapshotManifest(folder).backends.map(({ backend }) => backend)
    const what = `snapshot of this program in "${argument}"`
    return knownOf(what, names, () => readSnapshot(folder))
  }
  if (systemFiles.isDirectory(path) || containerOf(firstBytes(path, 16)) !== 'sqlite') return null
  const listed = listingOf(path)
  const names = listed.map(({ backend }) => backend)
  return knownOf(`catalog file of this program "${argument}"`, names, () =>
    listed.map((one) => {
      refuseOtherTimes(path, one)
      return { backend: one.backend, notes: one.notes, offers: heldOffers(path, one.backend) }
    }),
  )
}

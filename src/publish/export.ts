/** What a catalog holds, into a folder for others to pull. */
import type { BackendOffers } from '#catalog/replace'
import { ArgumentError } from '#domain/errors'
import { printInstant } from '#platform/http-time'
import type { Signer } from '#platform/signing'
import { exportedBackends, type SourceCatalog } from './exported-backends.ts'
import { seal, unseal } from './envelope.ts'
import {
  type Manifest,
  parseManifest,
  printManifest,
  type PublishedBackend,
  type RetiredSnapshot,
} from './manifest.ts'
import { inPublishedFolder, type PublishedFolder } from './published-folder.ts'
import { manifestName } from './published-files.ts'
import type { ExportReport } from './report.ts'
import { printSnapshot } from './snapshot-text.ts'

export interface ExportOptions {
  readonly folder: string
  /** Without an overlay: own prices are nobody else's. */
  readonly catalog: SourceCatalog
  /** Null for all that the catalog has. */
  readonly backends: readonly string[] | null
  readonly signer: Signer
  readonly nowMs: number
  /** A sequence to stay above, where the folder that knew it is lost. */
  readonly after?: number
}

/** For so many sequences a text that is no longer current stays for readers who are amid a pull. */
const keptSequences = 8

const previousOf = (folder: PublishedFolder, signer: Signer): Manifest | null => {
  const sealed = folder.sealed()
  const name = `${folder.path}/${manifestName}`
  return sealed === null ? null : parseManifest(unseal(sealed, signer.publicKey, name), name)
}

const putSnapshot = (folder: PublishedFolder, offers: BackendOffers): PublishedBackend => {
  const { text, facts } = printSnapshot(offers)
  folder.putSnapshot(facts.sha256, text)
  return facts
}

const retiredOf = (
  previous: Manifest | null,
  backends: readonly PublishedBackend[],
  sequence: number,
): readonly RetiredSnapshot[] => {
  if (previous === null) return []
  const current = new Set(backends.map(({ sha256 }) => sha256))
  const replaced = previous.backends.map(({ sha256 }) => ({ sha256, sequence: previous.sequence }))
  return [...replaced, ...previous.retired].filter(
    (one) => !current.has(one.sha256) && one.sequence > sequence - keptSequences,
  )
}

const isSame = (left: readonly PublishedBackend[], right: readonly PublishedBackend[]): boolean =>
  JSON.stringify(left.map(({ sha256 }) => sha256)) ===
  JSON.stringify(right.map(({ sha256 }) => sha256))

/** The manifest that the folder shall have: the one it has, where nothing has changed. */
const nextManifest = (
  previous: Manifest | null,
  backends: readonly PublishedBackend[],
  { nowMs, after = 0 }: ExportOptions,
): Manifest => {
  if (previous && previous.sequence > after && isSame(previous.backends, backends)) return previous
  const sequence = Math.max(previous?.sequence ?? 0, after) + 1
  return {
    sequence,
    createdAt: printInstant(nowMs),
    backends,
    retired: retiredOf(previous, backends, sequence),
  }
}

/**
 * The same offers give the same texts, and where none has changed, the folder stays as it is and so
 * does its sequence. Throws ArgumentError where there is nothing to publish, RefreshLockedError where
 * another export is at work, and UntrustedCatalogError where the folder is not of this key.
 */
export const exportCatalog = (options: ExportOptions): ExportReport =>
  inPublishedFolder(options.folder, (folder) => {
    const { signer } = options
    const previous = previousOf(folder, signer)
    const backends: PublishedBackend[] = []
    for (const offers of exportedBackends(options.catalog, options.backends)) {
      backends.push(putSnapshot(folder, offers))
    }
    if (backends.length === 0) throw new ArgumentError('the catalog holds nothing to publish')
    const manifest = nextManifest(previous, backends, options)
    if (manifest !== previous) folder.putManifest(seal(printManifest(manifest), signer))
    const keep = [...manifest.backends, ...manifest.retired].map(({ sha256 }) => sha256)
    return {
      folder: options.folder,
      key: signer.publicKey,
      sequence: manifest.sequence,
      createdAt: manifest.createdAt,
      changed: manifest !== previous,
      backends: backends.map((one) => ({ ...one, state: stateOf(one, previous) })),
      pruned: folder.prune(new Set(keep)),
    }
  })

const stateOf = (
  { backend, sha256 }: PublishedBackend,
  previous: Manifest | null,
): 'new' | 'changed' | 'unchanged' => {
  const before = previous?.backends.find((one) => one.backend === backend)
  if (!before) return 'new'
  return before.sha256 === sha256 ? 'unchanged' : 'changed'
}

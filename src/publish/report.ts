/** What an export and a pull tell of themselves. */
import type { PublishedBackend } from './manifest.ts'

interface ExportedBackend extends PublishedBackend {
  readonly state: 'new' | 'changed' | 'unchanged'
}

export interface ExportReport {
  readonly folder: string
  /** The public key to pull with. */
  readonly key: string
  readonly sequence: number
  readonly createdAt: string
  /** False where the folder had all of it already, sequence and all. */
  readonly changed: boolean
  readonly backends: readonly ExportedBackend[]
  /** Texts of earlier sequences that were removed. */
  readonly pruned: number
}

/** `kept`: the catalog's own prices are of a later day than those published. */
export type PullState = 'pulled' | 'unchanged' | 'kept'

export interface PulledBackend extends PublishedBackend {
  readonly state: PullState
}

export interface PullReport {
  /** Address or folder, without user and query. */
  readonly source: string
  readonly key: string
  readonly sequence: number
  readonly createdAt: string
  readonly dryRun: boolean
  readonly backends: readonly PulledBackend[]
  readonly tookMs: number
}

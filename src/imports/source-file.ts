/** A document of one cloud, wherever it lies. */
import type { Format } from './detect.ts'
import type { OwnCatalog } from './own-format.ts'

export interface OpenedFile {
  /** A name a person can look up; holds no secret and no folder of this machine. */
  readonly source: string
  /** When its prices were true, in milliseconds since 1970; null where the file does not tell. */
  readonly observedMs: number | null
  readonly bytes: AsyncIterable<Uint8Array>
  readonly close: () => void
}

export interface SourceFile {
  /** Where it lies in what was asked for. */
  readonly name: string
  /** As the source calls it; null where its name tells none. */
  readonly cloud: string | null
  /** Null where only opening it tells. */
  readonly format: Format | null
  /** False where it is known to tell no time of its own. */
  readonly dated: boolean
  /** Throws a KnownError. */
  open(): Promise<OpenedFile>
}

/** What an argument turned out to be. */
export interface Found {
  /** For the report: `gpuhunt's published catalogs at …`. */
  readonly what: string
  readonly files: readonly SourceFile[]
  readonly close: () => Promise<void>
}

/** What turned out to be a catalog of this program. */
export interface FoundOwn {
  readonly own: OwnCatalog
  readonly close: () => Promise<void>
}

export const nothingToClose = (): void => undefined

/** What is in memory already, as a stream. */
export const once = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

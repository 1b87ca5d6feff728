import { CatalogNewerError, CatalogUnreadableError } from '#domain/errors'
import type { Observation } from '#domain/offer'
import { isDay } from '#platform/day'

/** A public document that figures of a snapshot come from. */
export interface SnapshotInput {
  /** Unique within the backend; the last column of `prices.csv` names it. */
  readonly key: string
  readonly repository: string
  readonly path: string
  readonly commit: string
  /** `YYYY-MM-DD`. */
  readonly observedOn: string
  /** SPDX identifier, or `facts`. */
  readonly licence: string
  /** Of the file read, in hex; of a folder, over the lines `<sha256>  <name>` of its files by name. */
  readonly sha256: string
}

/** What the manifest says of one backend. */
export interface SnapshotEntry {
  readonly backend: string
  readonly offers: number
  readonly instanceTypes: number
  readonly rowsRead: number
  readonly rowsKept: number
  readonly rejected: Readonly<Record<string, number>>
  readonly inputs: readonly SnapshotInput[]
  /** File name -> sha256 in hex. */
  readonly outputs: Readonly<Record<string, string>>
  readonly notes: readonly string[]
}

/** Rows that were read for no backend of the snapshot, and why. */
export interface LeftOut {
  readonly backend: string
  readonly rows: number
  readonly reason: string
}

export interface SnapshotManifest {
  readonly format: number
  readonly offers: number
  readonly backends: readonly SnapshotEntry[]
  readonly leftOut: readonly LeftOut[]
}

export const snapshotFormat = 1

/** How the offers read from a document name it. */
export const observationOf = (
  input: Pick<SnapshotInput, 'repository' | 'path' | 'commit' | 'observedOn'>,
): Observation => ({
  source: `${input.repository} ${input.path}@${input.commit.slice(0, 7)}`,
  observedAt: `${input.observedOn}T00:00:00Z`,
})

export const printManifest = (manifest: SnapshotManifest): string =>
  `${JSON.stringify(manifest, null, 2)}\n`

type Json = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const object = (value: unknown, at: string): Json => {
  if (isObject(value)) return value
  throw new TypeError(`${at} is no object`)
}

const list = <T>(value: unknown, at: string, item: (value: unknown, at: string) => T): T[] => {
  if (!Array.isArray(value)) throw new TypeError(`${at} is no list`)
  return value.map((one: unknown, index) => item(one, `${at}[${index}]`))
}

const text = (value: unknown, at: string): string => {
  if (typeof value === 'string') return value
  throw new TypeError(`${at} is no text`)
}

const count = (value: unknown, at: string): number => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new TypeError(`${at} is no count`)
}

/** Compared as text: what is no day would stand before all days, or after. */
const day = (value: unknown, at: string): string => {
  const written = text(value, at)
  if (isDay(written)) return written
  throw new TypeError(`${at} "${written}" is no day`)
}

const record = <T>(
  value: unknown,
  at: string,
  item: (value: unknown, at: string) => T,
): Record<string, T> =>
  Object.fromEntries(
    Object.entries(object(value, at)).map(([key, one]) => [key, item(one, `${at}.${key}`)]),
  )

const input = (value: unknown, at: string): SnapshotInput => {
  const raw = object(value, at)
  return {
    key: text(raw['key'], `${at}.key`),
    repository: text(raw['repository'], `${at}.repository`),
    path: text(raw['path'], `${at}.path`),
    commit: text(raw['commit'], `${at}.commit`),
    observedOn: day(raw['observedOn'], `${at}.observedOn`),
    licence: text(raw['licence'], `${at}.licence`),
    sha256: text(raw['sha256'], `${at}.sha256`),
  }
}

const entry = (value: unknown, at: string): SnapshotEntry => {
  const raw = object(value, at)
  return {
    backend: text(raw['backend'], `${at}.backend`),
    offers: count(raw['offers'], `${at}.offers`),
    instanceTypes: count(raw['instanceTypes'], `${at}.instanceTypes`),
    rowsRead: count(raw['rowsRead'], `${at}.rowsRead`),
    rowsKept: count(raw['rowsKept'], `${at}.rowsKept`),
    rejected: record(raw['rejected'], `${at}.rejected`, count),
    inputs: list(raw['inputs'], `${at}.inputs`, input),
    outputs: record(raw['outputs'], `${at}.outputs`, text),
    notes: list(raw['notes'], `${at}.notes`, text),
  }
}

const leftOut = (value: unknown, at: string): LeftOut => {
  const raw = object(value, at)
  return {
    backend: text(raw['backend'], `${at}.backend`),
    rows: count(raw['rows'], `${at}.rows`),
    reason: text(raw['reason'], `${at}.reason`),
  }
}

/** Throws `CatalogNewerError` for a later format, `CatalogUnreadableError` for what is no manifest. */
export const parseManifest = (json: string, file: string): SnapshotManifest => {
  try {
    const raw = object(JSON.parse(json), 'the manifest')
    const format = count(raw['format'], 'format')
    if (format > snapshotFormat) {
      throw new CatalogNewerError(
        `"${file}" has format ${format}; ${snapshotFormat} is the latest known`,
        {
          hint: 'Update this program.',
        },
      )
    }
    return {
      format,
      offers: count(raw['offers'], 'offers'),
      backends: list(raw['backends'], 'backends', entry),
      leftOut: list(raw['leftOut'], 'leftOut', leftOut),
    }
  } catch (error) {
    if (error instanceof CatalogNewerError) throw error
    const why = error instanceof Error ? error.message : String(error)
    throw new CatalogUnreadableError(`"${file}" is no manifest of a catalog: ${why}`, {
      cause: error,
    })
  }
}

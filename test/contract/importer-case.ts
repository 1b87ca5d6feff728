/** What the contract needs to know of a backend to put it through its chapters. */
import type { Backend, ImportTables } from '#backends/kit/importer'
import type { Asked, Reply } from './scripted-server.ts'

export type Row = Record<string, unknown>

export interface ImporterCase {
  readonly backend: Backend
  /** Variables that make it ready; values are canaries that must turn up nowhere. */
  readonly credentials: Readonly<Record<string, string>>
  /** Machines by name, for a backend that needs them. */
  readonly tables?: ImportTables
  /** The source in good times: the JSON of an answer; undefined where there is none. */
  readonly world: (asked: Asked) => unknown
  /** How an answer goes over the wire, for a source that writes something else than JSON. */
  readonly reply?: (answer: unknown, asked: Asked) => Exclude<Reply, string>
  /** For a source of great files: the answer of the good world grown to so many bytes; null for the others. */
  readonly grown?: (asked: Asked, bytes: number) => Exclude<Reply, string> | null
  /** Identity of an offer -> dollars an hour, as the source or its documentation states them. */
  readonly oracle: Readonly<Record<string, string>>
  /** The rows of an answer that become offers; the list itself, so that a test can change it. */
  readonly rowsOf: (answer: unknown) => Row[] | null
  /** Puts another on-demand price into a row. */
  readonly setPrice: (row: Row, price: unknown) => void
  /** Names another accelerator in a row that has one; false where it has none. */
  readonly setGpu: (row: Row, name: string) => boolean
  /** An error that comes with status 200. */
  readonly errorAnswer: unknown
  /** What the list is cut off at, to fill a page with; null where the source has no such limit. */
  readonly cutAt: number | null
}

export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The list under a key of an answer, or null. */
export const rowsUnder = (answer: unknown, ...keys: readonly string[]): Row[] | null => {
  let value = answer
  for (const key of keys) value = isRow(value) ? value[key] : undefined
  return Array.isArray(value) ? (value as Row[]) : null
}

import type { Environment } from '#platform/environment'
import type { Files } from '#platform/files'
import type { OpenCatalog } from './open-catalog.ts'

/** A stream that a command writes to: at once, whole, in order. */
export interface Output {
  write(text: string): void
  readonly isTTY: boolean
  /** The width of the terminal; null where there is none. */
  readonly columns: number | null
}

/** Everything a command can reach. A test runs the program in a world of its own. */
export interface World {
  /** What stands after the program's name. */
  readonly arguments: readonly string[]
  readonly stdout: Output
  readonly stderr: Output
  readonly environment: Environment
  /** Relative paths start from `cwd`; `-` is standard input. */
  readonly files: Files
  /** Puts a whole file in place, or leaves what was there. Throws ArgumentError. */
  readonly writeFile: (path: string, text: string) => void
  readonly openCatalog: OpenCatalog
  readonly cwd: string
  readonly home: string
  /** The present. */
  readonly nowMs: number
}

/** A world in memory for a program under test, and what it wrote. */
import type { OpenCatalog } from '#cli/open-catalog'
import { runProgram } from '#cli/program'
import type { Output, World } from '#cli/world'
import { noonMs } from './builders.ts'
import { filesOf } from './files.ts'

export interface WorldOptions {
  readonly files?: Readonly<Record<string, string>>
  readonly stdin?: string
  readonly environment?: Readonly<Record<string, string>>
  /** The width of a terminal; without it both streams are pipes. */
  readonly columns?: number
  readonly openCatalog?: OpenCatalog
  readonly nowMs?: number
  /** Where written files go, by path. */
  readonly written?: Map<string, string>
}

export interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export const run = async (words: readonly string[], options: WorldOptions = {}): Promise<Run> => {
  const written = { stdout: '', stderr: '' }
  const outputTo = (stream: 'stdout' | 'stderr'): Output => ({
    write: (text) => {
      written[stream] += text
    },
    isTTY: options.columns !== undefined,
    columns: options.columns ?? null,
  })
  const world: World = {
    arguments: words,
    stdout: outputTo('stdout'),
    stderr: outputTo('stderr'),
    environment: options.environment ?? {},
    files: filesOf(options.files ?? {}, options.stdin),
    writeFile: (path, text) => options.written?.set(path, text),
    openCatalog:
      options.openCatalog ?? (() => Promise.reject(new Error('no catalog in this test'))),
    cwd: '/project',
    home: '/home/user',
    nowMs: options.nowMs ?? noonMs,
  }
  const code = await runProgram(world)
  return { code, ...written }
}

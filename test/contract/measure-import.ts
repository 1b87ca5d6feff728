/** Runs an importer in a process of its own, against files of a great size, and tells its memory. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { endpointVariable } from '#backends/kit/endpoint'
import type { ImporterCase } from './importer-case.ts'
import { goodReply } from './run-importer.ts'
import { startServer } from './scripted-server.ts'

export interface Measured {
  /** Of the whole process, Node itself included. */
  readonly peakMib: number
  readonly streamedBytes: number
  readonly offers: number
}

/** Bundled, as the product is: a compiler in the process would count as well. */
const bundled = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'import-once.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('./import-once.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['source'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url)",
    },
    outfile,
    logLevel: 'error',
  })
  return outfile
}

export const measureImport = async (one: ImporterCase, bytes: number): Promise<Measured> => {
  const folder = mkdtempSync(join(tmpdir(), 'dstack-offers-memory-'))
  const server = await startServer((asked) => one.grown?.(asked, bytes) ?? goodReply(one, asked))
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [await bundled(folder), one.backend.name],
      {
        env: {
          ...one.credentials,
          [endpointVariable(one.backend.name)]: server.url,
          MACHINES: `catalogs/${one.backend.name}/instance-types.csv`,
        },
      },
    )
    return JSON.parse(stdout) as Measured
  } finally {
    await server.close()
    rmSync(folder, { recursive: true })
  }
}

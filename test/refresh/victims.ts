/** Starts victims, fast: bundled once, so that each takes little more than Node itself. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { Order } from './victim.ts'

interface VictimEnd {
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
}

export interface Victims {
  /** Resolves when it is dead. `afterMs`: killed from outside, so long after it has begun. */
  run(
    order: Pick<Order, 'environment'> & Partial<Order> & { readonly afterMs?: number },
  ): Promise<VictimEnd>
  end(): void
}

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

export const makeVictims = async (): Promise<Victims> => {
  // Beside the packages, which it finds from there.
  const cache = fromRoot('node_modules/.cache')
  mkdirSync(cache, { recursive: true })
  const folder = mkdtempSync(join(cache, 'victim-'))
  const file = join(folder, 'victim.mjs')
  await build({
    entryPoints: [fromRoot('test/refresh/victim.ts')],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    conditions: ['source'],
    logLevel: 'error',
  })
  return {
    run: ({ environment, killAt = null, afterMs }) =>
      new Promise((resolve, reject) => {
        const child = spawn(process.execPath, [file], {
          stdio: ['ignore', 'pipe', 'inherit'],
          env: { ...process.env, VICTIM: JSON.stringify({ environment, killAt }) },
        })
        let stdout = ''
        child.stdout.on('data', (piece: Buffer) => {
          const begins = stdout === ''
          stdout += piece.toString('utf8')
          if (begins && afterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), afterMs)
        })
        child.once('error', reject)
        child.once('close', (_code, signal) => resolve({ signal, stdout }))
      }),
    end: () => rmSync(folder, { recursive: true, force: true }),
  }
}

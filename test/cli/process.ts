/** The program as a process of its own. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const fromRoot = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))

/** A folder with an executable `dstack-offers` that runs the sources. */
export const programFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'dstack-offers-bin-'))
  const path = join(folder, 'dstack-offers')
  const tsx = fromRoot('node_modules/tsx/dist/loader.mjs')
  writeFileSync(
    path,
    `#!/bin/sh\nexec '${process.execPath}' --import '${tsx}' --conditions source '${fromRoot('src/cli/main.ts')}' "$@"\n`,
  )
  chmodSync(path, 0o755)
  return folder
}

export const runShell = (
  shell: string,
  script: string,
  options: { path: string; cwd?: string },
): { readonly status: number | null; readonly stdout: string; readonly stderr: string } =>
  spawnSync(shell, shell === 'bash' ? ['--norc', '-c', script] : ['-c', script], {
    encoding: 'utf8',
    cwd: options.cwd ?? options.path,
    env: { ...process.env, PATH: `${options.path}:${process.env['PATH'] ?? ''}`, NO_COLOR: '1' },
  })

export const isInstalled = (shell: string): boolean =>
  spawnSync(shell, ['--version']).error === undefined

/** A copy of the project in which one file at a time is changed, and the tests that judge it. */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Mutant } from './mutants.ts'

export interface Workshop {
  /** Whether the tests notice. */
  judge(mutant: Mutant): Promise<Verdict>
  /** Whether the tests pass as things are: without that nothing can be said. */
  passesUnchanged(): Promise<boolean>
  close(): void
}

type Verdict = 'killed' | 'survived'

/** An endless loop is noticed by whoever waits for it. */
const patience = 60_000

export const openWorkshop = (tests: readonly string[]): Workshop => {
  const folder = mkdtempSync(join(tmpdir(), 'dstack-offers-mutants-'))
  for (const part of ['src', 'test', 'package.json', 'tsconfig.json']) {
    cpSync(part, join(folder, part), { recursive: true })
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  return {
    judge: async ({ file, text }) => {
      const path = join(folder, file)
      const original = readFileSync(path, 'utf8')
      writeFileSync(path, text)
      const passed = await passes(folder, tests)
      writeFileSync(path, original)
      return passed ? 'survived' : 'killed'
    },
    passesUnchanged: () => passes(folder, tests),
    close: () => rmSync(folder, { recursive: true }),
  }
}

const passes = async (folder: string, tests: readonly string[]): Promise<boolean> => {
  const vitest = ['vitest', 'run', '--root', '.', '--config', 'test/vitest.config.ts']
  const child = spawn(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      ...vitest.slice(1),
      '--bail',
      '1',
      '--no-file-parallelism',
      ...tests,
    ],
    { cwd: folder, stdio: 'ignore', env: { ...process.env, CI: '1' }, detached: true },
  )
  const timer = setTimeout(() => endGroup(child.pid), patience)
  const code = await new Promise<number | null>((done) => child.on('exit', done))
  clearTimeout(timer)
  return code === 0
}

/** The test runner's own workers too: one that loops outlives its parent. */
const endGroup = (pid: number | undefined): void => {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL')
}

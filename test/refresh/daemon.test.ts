/** `--schedule` as a process: it refreshes, says how it fares, and ends when told to. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { programFolder } from '../cli/process.ts'
import { wholeDigests } from './whole.ts'
import { newWorld, type World } from './world.ts'

let world: World
let child: ChildProcess | null = null
beforeEach(async () => {
  world = await newWorld()
})
afterEach(async () => {
  child?.kill('SIGKILL')
  await world.end()
})

const healthOf = (): Record<string, unknown> | null => {
  const file = join(world.home, 'refresh-health.json')
  return existsSync(file)
    ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
    : null
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 50))
}

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s ends it cleanly',
  { timeout: 60_000 },
  async (name) => {
    const words = ['catalog', 'refresh', '-b', 'vultr', '-o', 'json', '--jitter', '0s']
    const daemon = spawn(
      join(programFolder(), 'dstack-offers'),
      [...words, '--schedule', '* * * * * *'],
      { env: { ...process.env, ...world.environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    child = daemon
    let stdout = ''
    daemon.stdout.on('data', (piece: Buffer) => (stdout += piece.toString('utf8')))
    const ended = new Promise<unknown>((resolve) => {
      daemon.once('close', (code, signal) => resolve({ code, signal }))
    })
    await until(() => stdout.split('\n').length > 2)
    daemon.kill(name)
    expect(await ended).toEqual({ code: 0, signal: null })
    const reports = stdout.trimEnd().split('\n')
    expect(JSON.parse(reports[0] ?? '')).toMatchObject({ kind: 'refresh', format_version: '1.0' })
    expect(healthOf()).toMatchObject({
      kind: 'refresh-health',
      state: 'stopped',
      last_run: { outcome: expect.any(String) as string, backends: [{ backend: 'vultr' }] },
    })
    expect(wholeDigests(world.home).has('vultr')).toBe(true)
  },
)

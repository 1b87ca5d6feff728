/** Real processes on one file: whoever asks, no two requests to a host start too close. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { newTurns } from '#platform/http-turns'
import { sharedStarts } from '#platform/shared-starts'
import { newTestClock } from '../contract/test-clock.ts'

const limit = { atOnce: 4, intervalMs: 20 }
const { signal } = new AbortController()

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'starts-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const gapsOf = (starts: readonly number[]): readonly number[] => {
  const sorted = starts.toSorted((a, b) => a - b)
  return sorted.slice(1).map((start, at) => start - (sorted[at] ?? 0))
}

/** Takes the start of each of its requests by the clock of this machine, and prints them. */
const program = `
import { sharedStarts } from '#platform/shared-starts'
const starts = sharedStarts(process.argv[1] ?? '')
const taken = []
for (let asked = 0; asked < 10; asked++) {
  taken.push(starts.take('example.org', Date.now(), ${JSON.stringify(limit)}))
}
console.log(JSON.stringify(taken))
`

const takenElsewhere = async (path: string): Promise<readonly number[]> => {
  const options = ['--import', 'tsx', '-C', 'source', '--input-type=module']
  const child = spawn(process.execPath, [...options, '--eval', program, path], { stdio: 'pipe' })
  const [printed, complaint] = await Promise.all([text(child.stdout), text(child.stderr)])
  if (child.exitCode === null) await once(child, 'exit')
  expect(complaint).toBe('')
  return JSON.parse(printed) as readonly number[]
}

test('processes keep their requests apart', async () => {
  const path = join(folder, 'cache', 'starts.sqlite')
  const all = await Promise.all([takenElsewhere(path), takenElsewhere(path), takenElsewhere(path)])
  expect(all.flat()).toHaveLength(30)
  expect(Math.min(...gapsOf(all.flat()))).toBeGreaterThanOrEqual(limit.intervalMs)
})

test('hosts do not wait for each other, and a clock that was set back for nobody', () => {
  const starts = sharedStarts(join(folder, 'starts.sqlite'))
  const hour = 3_600_000
  expect(starts.take('a', 2 * hour, limit)).toBe(2 * hour)
  expect(starts.take('b', 2 * hour, limit)).toBe(2 * hour)
  expect(starts.take('a', 2 * hour, limit)).toBe(2 * hour + limit.intervalMs)
  expect(starts.take('a', hour, limit) - hour).toBeLessThan(2000)
  starts.close()
})

test('a file that cannot be used leaves each process on its own', async () => {
  const noFolder = join(folder, 'file')
  writeFileSync(noFolder, '')
  const noDatabase = join(folder, 'text')
  writeFileSync(noDatabase, 'this is no database, and long enough to be read as one'.repeat(20))
  mkdirSync(join(folder, 'folder'))
  for (const path of [join(noFolder, 'starts'), noDatabase, join(folder, 'folder')]) {
    const clock = newTestClock()
    const starts = sharedStarts(path)
    const turns = newTurns(clock, starts)
    for (let asked = 0; asked < 3; asked++) {
      await turns.take('example.org', limit, signal, async () => undefined)
    }
    expect(clock.slept).toEqual([20, 20])
    starts.close()
  }
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { RefreshLockedError } from '#domain/errors'
import { runOnSchedule } from '#refresh/schedule'
import { refreshOnSchedule } from '#refresh/scheduled'
import { newTestClock, type TestClock } from '../contract/test-clock.ts'

let folder: string
let clock: TestClock
let stop: AbortController
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dstack-offers-schedule-'))
  clock = newTestClock()
  stop = new AbortController()
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The minute past the hour is 5 in every time zone of whole hours; a day is not used here. */
const hourly = { pattern: '5 * * * *', jitterMs: 0, random: () => 0 }

const at = (): string => new Date(clock.nowMs()).toISOString().slice(11, 19)

/** When it works, until it has so often. */
const timesOf = async (
  runs: number,
  over: Partial<Parameters<typeof runOnSchedule>[0]> = {},
  during: () => void = () => undefined,
): Promise<readonly string[]> => {
  const times: string[] = []
  await runOnSchedule({
    ...hourly,
    clock,
    signal: stop.signal,
    onWaiting: () => undefined,
    work: async () => {
      times.push(at().slice(3))
      during()
      if (times.length === runs) stop.abort()
    },
    ...over,
  })
  return times
}

test('the work is done at each of its times', async () => {
  expect(await timesOf(3)).toEqual(['05:00', '05:00', '05:00'])
  expect(at()).toBe('14:05:00')
})

test('jitter comes after the time, and stays below its most', async () => {
  expect(await timesOf(2, { jitterMs: 60_000, random: () => 0.75 })).toEqual(['05:45', '05:45'])
})

test('times that pass while the work goes on are not made up for', async () => {
  const passing = (): void => clock.advance(2.5 * 3_600_000)
  expect(await timesOf(2, {}, passing)).toEqual(['05:00', '05:00'])
  // 12:05, which took until 14:35; then 15:05, and until 17:35.
  expect(at()).toBe('17:35:00')
})

test('a clock that jumps ahead makes it late, once', async () => {
  let slept = 0
  const jumping = {
    nowMs: () => clock.nowMs(),
    sleep: async (delayMs: number, signal: AbortSignal) => {
      await clock.sleep(delayMs, signal)
      if (++slept === 3) clock.advance(5 * 3_600_000)
    },
  }
  await timesOf(1, { clock: jumping })
  expect(at()).toMatch(/^17:0/)
})

test('a clock that is set back brings the next time nearer', async () => {
  let slept = 0
  const jumping = {
    nowMs: () => clock.nowMs(),
    sleep: async (delayMs: number, signal: AbortSignal) => {
      await clock.sleep(delayMs, signal)
      if (++slept === 3) clock.advance(-5 * 3_600_000)
    },
  }
  await timesOf(1, { clock: jumping })
  expect(at()).toBe('07:05:00')
})

test.each([
  ['61 * * * *', 'no crontab line'],
  ['never', 'no crontab line'],
  ['0 0 30 2 *', 'never comes'],
])('%s is refused', async (pattern, why) => {
  await expect(timesOf(1, { pattern })).rejects.toMatchObject({
    code: 'argument-invalid',
    message: expect.stringContaining(why) as string,
  })
})

const healthOf = (): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, 'health.json'), 'utf8')) as Record<string, unknown>

test('health says how the last run went, when the next one comes, and that it ended', async () => {
  const seen: unknown[] = []
  let runs = 0
  await refreshOnSchedule({
    ...hourly,
    clock,
    signal: stop.signal,
    healthFile: join(folder, 'health.json'),
    outcomeOf: () => 'backend',
    onWaiting: () => seen.push(healthOf()),
    onProblem: (message) => seen.push(message),
    refresh: async () => {
      seen.push(healthOf()['state'])
      runs += 1
      if (runs === 1) throw new RefreshLockedError('another refresh is at work')
      stop.abort()
      return { startedAt: '2026-11-24T13:05:00Z', dryRun: false, backends: [] }
    },
  })
  expect(seen).toMatchObject([
    { state: 'waiting', next_run_at: '2026-11-24T12:05:00Z', last_run: null },
    'running',
    'another refresh is at work',
    {
      state: 'waiting',
      next_run_at: '2026-11-24T13:05:00Z',
      last_run: { outcome: 'not run', problem: { code: 'refresh-locked' } },
    },
    'running',
  ])
  expect(healthOf()).toMatchObject({
    state: 'stopped',
    next_run_at: null,
    last_run: { outcome: 'backend', problem: null, ended_at: '2026-11-24T13:05:00Z' },
  })
})

test('a health file that cannot be written is told, and stops nothing', async () => {
  writeFileSync(join(folder, 'a-file'), '')
  const problems: string[] = []
  let runs = 0
  await refreshOnSchedule({
    ...hourly,
    clock,
    signal: stop.signal,
    healthFile: join(folder, 'a-file', 'health.json'),
    outcomeOf: () => 'done',
    onWaiting: () => undefined,
    onProblem: (message) => problems.push(message),
    refresh: async () => {
      if (++runs === 2) stop.abort()
      return { startedAt: '', dryRun: false, backends: [] }
    },
  })
  expect(runs).toBe(2)
  expect(problems[0]).toContain('cannot be written')
})

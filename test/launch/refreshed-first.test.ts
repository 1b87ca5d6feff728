/** Old prices are fetched anew before money is spent at them: the program, and a cloud of its own. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runpod } from '#backends/runpod/backend'
import { systemHttpClock } from '#platform/http-time'
import { refresh } from '#refresh/refresh'
import { newFakeRunpod } from '../backends/runpod/fake-runpod.ts'
import { runpodCase } from '../backends/runpod/runpod-case.ts'
import {
  type CloudModel,
  type FakeCloud,
  type FakeReply,
  knobsOf,
  startFakeCloud,
} from '../contract/fake-cloud.ts'
import { type Started, startProgram } from './program.ts'

const configuration = `type: service
image: python:3.12
commands: [python -m http.server]
port: 8000
resources:
  gpu: A100:1
`

const hourMs = 3_600_000

/** What the machine of the cheapest offer costs, yesterday's and today's. */
const [oldUsd, newUsd] = [1.19, 1.26]

let prices = { usd: oldUsd, status: 200 }

const atToday = (answer: unknown): unknown =>
  JSON.parse(JSON.stringify(answer), (key, value: unknown) =>
    key === 'uninterruptablePrice' && value === oldUsd ? prices.usd : value,
  )

const isImport = (text: string): boolean => text.includes('"query"') && !text.includes('mutation')

const newCloud = (): CloudModel => {
  const clock = { ...systemHttpClock, slept: [], advance: () => undefined }
  const model = newFakeRunpod(clock, knobsOf({ bootMs: 0, addressMs: 0, destroyMs: 0 }))
  return {
    ...model,
    handle: (request): FakeReply | Promise<FakeReply> => {
      if (!isImport(request.text)) return model.handle(request)
      if (prices.status !== 200) return { status: prices.status, json: {} }
      const { path, text: body } = request
      const asked = { path, body } as Parameters<typeof runpodCase.world>[0]
      return { json: atToday(runpodCase.world(asked)) }
    },
  }
}

let folder = ''
let cloud: FakeCloud
const running: Started[] = []

beforeAll(async () => {
  cloud = await startFakeCloud(newCloud())
})
afterAll(() => cloud.close())

const environment = () => ({
  DSTACK_OFFERS_HOME: join(folder, 'home'),
  DSTACK_OFFERS_ENDPOINT_RUNPOD: cloud.url,
  RUNPOD_API_KEY: 'canary-of-a-key',
})

/** A catalog of the user as it was imported two days ago: too old for a market. */
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'refreshed-'))
  writeFileSync(join(folder, 'serve.dstack.yml'), configuration)
  cloud.become(newCloud())
  prices = { usd: oldUsd, status: 200 }
  const nowMs = (): number => Date.now() - 48 * hourMs
  const clock = { nowMs, sleep: async () => undefined }
  const report = await refresh({ backends: [runpod], environment: environment(), clock })
  const [problem] = report.backends.flatMap((one) => one.problem ?? [])
  if (problem !== undefined) throw problem
})
afterEach(() => {
  for (const { process } of running.splice(0)) process.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

const run = (...more: readonly string[]): Started => {
  const file = join(folder, 'serve.dstack.yml')
  const words = ['run', file, '-b', 'runpod', '--name', 'served', '-y', '--no-overlay', ...more]
  const started = startProgram([...words, '--on-demand', '--no-files'], environment())
  running.push(started)
  return started
}

const asked = (): number => cloud.asked.filter(({ text }) => isImport(text)).length

const stopped = async (started: Started) => {
  started.process.kill('SIGINT')
  const ended = await started.ended()
  expect(cloud.model.machines()).toEqual([])
  return ended
}

describe('prices of yesterday of a market', () => {
  test('are fetched anew, and the run is launched at the new one', async () => {
    prices = { usd: newUsd, status: 200 }
    const before = asked()
    const started = run()
    await started.until(/replica 0 {2}running/)
    expect(asked()).toBeGreaterThan(before)
    expect(cloud.model.namesGiven()).toHaveLength(1)
    const { text } = await stopped(started)
    expect(text).toContain('old prices are refreshed first: runpod')
    expect(text).toMatch(/attempt 1 {2}runpod CA .* {2}\$1\.26 {2}machine made/)
    expect(text).not.toContain('1.19')
    expect(text).not.toContain('canary')
  }, 120_000)

  test('are no reason to launch where the new one is above the limit', async () => {
    prices = { usd: newUsd, status: 200 }
    const { code, text } = await run('--max-price', '1.2').ended()
    expect(text).toContain('old prices are refreshed first: runpod')
    expect({ code, made: cloud.model.namesGiven() }).toEqual({ code: 3, made: [] })
  }, 120_000)

  test('stop the run where they cannot be fetched', async () => {
    prices = { usd: newUsd, status: 403 }
    const { code, text } = await run().ended()
    expect(text).toMatch(/warning: runpod: /)
    expect(text).toContain('prices are too old to spend money at: runpod')
    expect({ code, made: cloud.model.namesGiven() }).toEqual({ code: 4, made: [] })
  }, 120_000)

  test('are taken where the user says so, and nobody is asked', async () => {
    prices = { usd: newUsd, status: 403 }
    const before = asked()
    const started = run('--allow-stale')
    await started.until(/replica 0 {2}running/)
    const { text } = await stopped(started)
    expect(text).toMatch(/attempt 1 {2}runpod CA .* {2}\$1\.19 {2}machine made/)
    expect(asked()).toBe(before)
  }, 120_000)
})

/** Money is not spent at old prices: they are fetched anew first, and where that fails nothing runs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as room from '#api/runs'
import type { RunFlags } from '#cli/commands/run'
import { exitCodeOfError } from '#cli/exit-codes'
import { offersForRun } from '#cli/run-offers'
import { withRuns } from '#cli/with-runs'
import type { World } from '#cli/world'
import { CatalogStaleError } from '#domain/errors'
import { noRequirements } from '#domain/requirements'
import { smallCatalog } from '../../e2e/small-catalog.ts'
import { noonMs } from '../builders.ts'
import { filesOf } from '../files.ts'

const home = mkdtempSync(join(tmpdir(), 'run-stale-'))
let asked = 0
const server = createServer((_, response) => {
  asked += 1
  response.writeHead(401).end('{}')
})

beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => {
  server.close()
  rmSync(home, { recursive: true, force: true })
})

/** Its prices of runpod are of 41 minutes before noon. */
const world = (nowMs: number): World & { readonly said: () => string } => {
  const { port } = server.address() as AddressInfo
  let text = ''
  const output = { write: (one: string) => (text += one), isTTY: false, columns: null }
  return {
    arguments: [],
    stdout: output,
    stderr: output,
    environment: {
      DSTACK_OFFERS_HOME: home,
      RUNPOD_API_KEY: 'key',
      DSTACK_OFFERS_ENDPOINT_RUNPOD: `http://127.0.0.1:${port}`,
    },
    files: filesOf({}),
    writeFile: () => undefined,
    openCatalog: smallCatalog(),
    cwd: home,
    home,
    nowMs,
    said: () => text,
  }
}

const flags: RunFlags = { color: 'never', attempts: 15, noOverlay: true }

/** Of the catalog alone, whatever can be launched from here. */
const listed: typeof room = {
  ...room,
  launchOffers: ({ search, requirements }) => search({ ...requirements, backends: ['runpod'] }),
}

const find = (given: World, over: Partial<RunFlags> = {}) =>
  withRuns(given, new AbortController().signal, (runs) => {
    const within = (all: Parameters<Parameters<typeof offersForRun>[0]['within']>[0]) => all
    const asking = { room: listed, runs, flags: { ...flags, ...over }, within }
    return offersForRun({ ...asking, requirements: noRequirements }, given)
  })

const laterMs = noonMs + 24 * 3_600_000

test('prices of today are taken as they are', async () => {
  expect((await find(world(noonMs))).length).toBe(3)
  expect(asked).toBe(0)
})

test('a price of yesterday of a market is asked for, and refused where that fails', async () => {
  const given = world(laterMs)
  await expect(find(given)).rejects.toThrow(CatalogStaleError)
  expect(exitCodeOfError['catalog-stale']).toBe(4)
  expect(asked).toBeGreaterThan(0)
  expect(given.said()).toContain('old prices are refreshed first: runpod')
  expect(given.said()).toMatch(/warning: runpod: /)
})

test('who wants it nevertheless, and who spends nothing, is not held up', async () => {
  const before = asked
  expect((await find(world(laterMs), { allowStale: true })).length).toBe(3)
  expect((await find(world(laterMs), { dryRun: true })).length).toBe(3)
  expect(asked).toBe(before)
})

test('only what may be tried counts', async () => {
  const given = world(laterMs)
  const none = await withRuns(given, new AbortController().signal, (runs) =>
    offersForRun(
      { room: listed, runs, flags, requirements: noRequirements, within: () => [] },
      given,
    ),
  )
  expect(none).toEqual([])
})

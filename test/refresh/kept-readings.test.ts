/** AWS's price lists, of hundreds of MB, are fetched once a version. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { aws } from '#backends/aws/backend'
import { endpointVariable } from '#backends/kit/endpoint'
import { heldOffers } from '#refresh/catalog-file'
import { refresh, type RefreshOptions } from '#refresh/refresh'
import { publicCase } from '../backends/aws/aws-case.ts'
import { goodReply } from '../contract/run-importer.ts'
import { type ScriptedServer, startServer } from '../contract/scripted-server.ts'
import { newTestClock } from '../contract/test-clock.ts'

let home: string
let server: ScriptedServer
/** In the addresses of the lists, fourteen digits. */
let published: string
const recorded = '20260720200000'
beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'dstack-offers-readings-'))
  published = recorded
  server = await startServer((asked) => {
    const path = asked.path.replace(published, recorded)
    const reply = goodReply(publicCase, { ...asked, path })
    if (!path.endsWith('region_index.json') || typeof reply !== 'object') return reply
    return { ...reply, body: String(reply.body).replaceAll(recorded, published) }
  })
})
afterEach(async () => {
  await server.close()
  rmSync(home, { recursive: true, force: true })
})

/** Lists that were fetched meanwhile. */
const run = async (over: Partial<RefreshOptions> = {}): Promise<number> => {
  const isList = ({ path }: { readonly path: string }): boolean => path.endsWith('/index.csv')
  const before = server.asked.filter(isList).length
  const environment = { DSTACK_OFFERS_HOME: home, [endpointVariable('aws')]: server.url }
  // The lists of the test are a small part of what the program comes with.
  const bounds = { aws: { firstLost: 1 } }
  const options = { backends: [aws], environment, clock: newTestClock(), bounds, ...over }
  const [report] = (await refresh(options)).backends
  expect(['refreshed', 'unchanged']).toContain(report?.state)
  return server.asked.filter(isList).length - before
}

const held = () => heldOffers(join(home, 'catalog.sqlite'), 'aws')

const readings = (): string => join(home, 'cache', 'readings', 'aws')

test('a version that was read is not fetched again, and gives the same offers', async () => {
  const lists = await run()
  expect(lists).toBeGreaterThan(1)
  const first = held()
  expect(await run()).toBe(0)
  expect(held()).toEqual(first)
})

test('another version is fetched, in the place of the old', async () => {
  const lists = await run()
  const files = readdirSync(readings()).length
  published = '20261124200000'
  expect(await run()).toBe(lists)
  expect(readdirSync(readings())).toHaveLength(files)
  expect(await run()).toBe(0)
})

test('all is fetched anew where that is forced', async () => {
  const lists = await run()
  expect(await run({ force: true })).toBe(lists)
})

test('a dry run remembers nothing', async () => {
  const lists = await run({ dryRun: true })
  expect(await run({ dryRun: true })).toBe(lists)
})

test.each([
  ['no JSON', 'half of a li'],
  ['of another shape', '{"of":1}'],
])('what is remembered, but %s, is fetched', async (_, text) => {
  const lists = await run()
  for (const file of readdirSync(readings())) writeFileSync(join(readings(), file), text)
  expect(await run()).toBe(lists)
})

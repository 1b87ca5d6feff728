import Database from 'better-sqlite3'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { cloudrift } from '#backends/cloudrift/backend'
import { hotaisle } from '#backends/hotaisle/backend'
import type { Backend } from '#backends/kit/importer'
import { runpod } from '#backends/runpod/backend'
import { vastai } from '#backends/vastai/backend'
import { vultr } from '#backends/vultr/backend'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackends } from '#catalog/replace'
import type { Requirements } from '#domain/requirements'
import { offersSchema } from '#cli/schemas/offers'
import { withLiveOffers } from '#live/live'
import { type Catalog, openCatalog } from '#offers/catalog'
import { readRows, verifyAnswer } from '../../scripts/verify-certificate.ts'
import { anOffer, someRequirements } from '../builders.ts'
import { check } from '../cli/output/json-schema.ts'
import { run } from '../cli/world.ts'
import { gpus, newWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

const ask = (requirements: Requirements, timeoutMs = 20_000, backends = [vastai, cloudrift]) =>
  withLiveOffers(world.open(), {
    requirements,
    timeoutMs,
    environment: world.environment,
    backends,
  })

const idsOf = (catalog: Catalog, backend: string): readonly string[] =>
  catalog.first(someRequirements({ backends: [backend] }), 0).map(({ id }) => id)

const oldIds = (backend: string) => [
  `${backend}/old/old-1/on-demand`,
  `${backend}/old/old-8/on-demand`,
]

/** The one catalog that an answer has left in the cache. */
const liveFile = (): string => {
  const cache = join(world.environment['DSTACK_OFFERS_HOME'] ?? '', 'cache')
  return join(cache, readdirSync(cache).find((one) => /^live-\w+\.sqlite$/.test(one)) ?? '')
}

test('rows of those that answer give way, where they were asked for', async () => {
  const { catalog, reports } = await ask(gpus(1, 1))
  expect(reports.map(({ backend, state }) => [backend, state])).toEqual([
    ['vastai', 'answered'],
    ['cloudrift', 'answered'],
  ])
  const ids = idsOf(catalog, 'vastai')
  expect(ids).toContain('vastai/dk-denmark/11684740/on-demand')
  expect(ids).not.toContain('vastai/old/old-1/on-demand')
  expect(ids).toContain('vastai/old/old-8/on-demand')
  expect(idsOf(catalog, 'cloudrift')).not.toContain('cloudrift/old/old-8/on-demand')
  expect(idsOf(catalog, 'aws')).toEqual(oldIds('aws'))
  catalog.close()
})

test('one that hangs is late and named, and the catalog stands for it', async () => {
  world.script.cloudrift = 'hang'
  const { catalog, reports } = await ask(gpus(1, 1), 2000)
  expect(reports.map(({ backend, state }) => [backend, state])).toEqual([
    ['vastai', 'answered'],
    ['cloudrift', 'late'],
  ])
  expect(idsOf(catalog, 'cloudrift')).toEqual(oldIds('cloudrift'))
  catalog.close()
})

test('where none answers, the catalog is the one there was', async () => {
  world.script.vastai = { status: 403, body: '{}' }
  world.script.cloudrift = { body: '[1]' }
  const base = world.open()
  const digest = base.summary().digest
  base.close()
  const { catalog, reports } = await ask(gpus(1, 1))
  expect(reports.map(({ state }) => state)).toEqual(['failed', 'failed'])
  expect(catalog.summary().digest).toBe(digest)
  catalog.close()
})

test('a list of prices is not asked, nor a market that the requirements leave out', async () => {
  const requirements = { ...gpus(1, 1), backends: ['cloudrift', 'vultr'] }
  const { catalog, reports } = await ask(requirements, 20_000, [vastai, cloudrift, vultr])
  expect(reports.map(({ backend }) => backend)).toEqual(['cloudrift'])
  expect(world.servers.vastai.asked).toEqual([])
  catalog.close()
})

test('a part of a market is asked for in one request, and never becomes the catalog of the user', async () => {
  const { catalog } = await ask(gpus(2, 8))
  expect(world.servers.vastai.asked.map(({ body }) => JSON.parse(body) as unknown)).toMatchObject([
    { num_gpus: { gte: 2, lte: 8 } },
  ])
  expect(existsSync(join(world.environment['DSTACK_OFFERS_HOME'] ?? '', 'catalog.sqlite'))).toBe(
    false,
  )
  catalog.close()
})

test('what a narrowed market gives is all that the whole has of it', async () => {
  const whole = await ask(someRequirements(), 60_000, [runpod])
  const part = await ask(gpus(2, 2), 60_000, [runpod])
  const two = { ...gpus(2, 2), backends: ['runpod'] }
  const pricesOf = (catalog: Catalog) =>
    catalog.first(two, 0).map(({ id, priceNanoUsd }) => [id, priceNanoUsd])
  expect(pricesOf(part.catalog).length).toBeGreaterThan(0)
  expect(pricesOf(part.catalog)).toEqual(pricesOf(whole.catalog))
  whole.catalog.close()
  part.catalog.close()
}, 60_000)

test('backends that the catalog of the user answers for stay its own', async () => {
  const home = world.environment['DSTACK_OFFERS_HOME'] ?? ''
  const own = openWritableCatalogFile(join(home, 'catalog.sqlite'))
  const observation = { source: 'own', observedAt: '2099-01-01T00:00:00Z' }
  replaceBackends(own, [{ backend: 'aws', offers: [anOffer({ observation })], notes: [] }])
  own.close()
  const base = openCatalog({ environment: world.environment })
  const { environment } = world
  const options = { requirements: gpus(1, 1), environment, backends: [vastai], timeoutMs: 20_000 }
  const digestsOf = (of: Catalog): Record<string, string> =>
    Object.fromEntries(of.listing().backends.map(({ backend, digest }) => [backend, digest]))
  const { vastai: old, ...before } = digestsOf(base)
  const { catalog } = await withLiveOffers(base, options)
  const { vastai: live, ...after } = digestsOf(catalog)
  expect(after).toEqual(before)
  expect(live).not.toBe(old)
  catalog.close()
})

test('credentials that are half set are no reason to be passed over in silence', async () => {
  const environment = { ...world.environment, HOTAISLE_API_KEY: 'canary-of-hotaisle' }
  const options = { requirements: gpus(1, 1), environment, backends: [hotaisle], timeoutMs: 2000 }
  const { catalog, reports } = await withLiveOffers(world.open(), options)
  catalog.close()
  const why = ['credentials are half set: HOTAISLE_TEAM_HANDLE missing']
  expect(reports).toMatchObject([{ backend: 'hotaisle', state: 'failed', why }])
})

test('an importer that stumbles costs its own market alone', async () => {
  const stumbling: Backend = {
    ...cloudrift,
    importer: async () => ({
      ...(await cloudrift.importer()),
      toOffers: () => {
        throw new RangeError('a row nobody has thought of')
      },
    }),
  }
  const { catalog, reports } = await ask(gpus(1, 1), 20_000, [vastai, stumbling])
  catalog.close()
  expect(reports).toMatchObject([
    { backend: 'vastai', state: 'answered' },
    { backend: 'cloudrift', state: 'failed', why: ['a row nobody has thought of'] },
  ])
})

test('no market among the backends asked for, and one that the catalog has nothing of', async () => {
  const { environment } = world
  const openCatalog = () => Promise.resolve(world.open())
  const saidOf = async (...backends: readonly string[]): Promise<string> => {
    const words = ['--gpu', '1', '--live', '-o', 'json', ...backends.flatMap((one) => ['-b', one])]
    return (await run(words, { environment, openCatalog })).stderr
  }
  expect(await saidOf('aws')).toContain('none of the backends asked for is a market')
  world.script.runpod = { status: 404, body: '{}' }
  world.script.vastai = { status: 404, body: '{}' }
  const said = await saidOf('runpod', 'vastai')
  expect(said).toMatch(/runpod failed .*: the catalog has no prices of it either/)
  expect(said).toMatch(/vastai failed .*: its prices are the catalog's/)
})

test('the command names who was late, beside and in the document', async () => {
  world.script.cloudrift = 'hang'
  const words = ['--gpu', '1', '-b', 'vastai', '-b', 'cloudrift', '--live', '--live-timeout', '2s']
  const { environment } = world
  const openCatalog = () => Promise.resolve(world.open())
  const { code, stdout, stderr } = await run([...words, '-o', 'json'], { environment, openCatalog })
  expect([code, stderr]).toEqual([0, expect.stringContaining('live: cloudrift late')])
  const document: unknown = JSON.parse(stdout)
  const { url } = world.servers.vastai
  expect(document).toMatchObject({
    live: {
      backends: [
        { backend: 'cloudrift', state: 'late', offers: 0 },
        { backend: 'vastai', state: 'answered', source: url },
      ],
    },
    certificate: { catalog_digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
  })
  expect(check(offersSchema, document)).toEqual([])
  expect(stdout).toContain(`"source": "${url}"`)
  expect(verifyAnswer(document, readRows([new Database(liveFile(), { readonly: true })]))).toEqual(
    [],
  )
})

test('bounds that the user sets in refresh.yml hold for it too', async () => {
  const { environment } = world
  const openCatalog = () => Promise.resolve(world.open())
  const stateUnder = async (bounds: string): Promise<unknown> => {
    const text = `backends: { vastai: { bounds: { ${bounds} } } }\n`
    const files = { [join(environment['DSTACK_OFFERS_HOME'] ?? '', 'refresh.yml')]: text }
    const words = ['--gpu', '1', '-b', 'vastai', '--live', '-o', 'json']
    const { stdout } = await run(words, { environment, openCatalog, files })
    return JSON.parse(stdout)
  }
  expect(await stateUnder('usd_per_gpu_hour: 0.001..500')).toMatchObject({
    live: { backends: [{ backend: 'vastai', state: 'answered' }] },
  })
  expect(await stateUnder('usd_per_gpu_hour: 400..500')).toMatchObject({
    live: { backends: [{ backend: 'vastai', state: 'doubted', offers: 0 }] },
  })
})

test.each([
  [['--live', '--as-of', '2026-01-01']],
  [['--live-timeout', '3s']],
  [['--live', '--live-timeout', '100h']],
])('%j is refused', async (words) => {
  const openCatalog = () => Promise.resolve(world.open())
  expect((await run(['--gpu', '1', ...words], { openCatalog })).code).toBe(2)
})

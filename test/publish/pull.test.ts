/** What a pull brings, and how little it asks for. */
import { copyFileSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { embeddedCatalogPath } from '#catalog/location'
import type { Offer } from '#domain/offer'
import { sourceAddress } from '#publish/source'
import { whileAlone } from '#refresh/refresh'
import { putInQuarantine, readQuarantined } from '#refresh/quarantine'
import { someRequirements } from '../builders.ts'
import { someOffers } from '../generators.ts'
import { seeded } from '../random.ts'
import { codeOf, filesUnder, newWorld, noonMs, priced, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

const byBackend = (offers: readonly Offer[]) =>
  [...new Set(offers.map(({ backend }) => backend))].map((backend) => ({
    backend,
    offers: offers.filter((offer) => offer.backend === backend),
    notes: [`of ${backend}, "quoted", \u2028 and ünïcode`],
    importer: `importer of ${backend}`,
  }))

const states = ({ backends }: { backends: readonly { backend: string; state: string }[] }) =>
  Object.fromEntries(backends.map(({ backend, state }) => [backend, state]))

const paths = (from = 0): readonly string[] =>
  world.server.asked.slice(from).map(({ path }) => path)

describe('what is pulled', () => {
  test.each(Array.from({ length: 12 }, (_, seed) => seed + 1))(
    'has the digest, the offers and the notes of what was exported (catalog %i)',
    async (seed) => {
      const random = seeded(seed)
      world.replace(byBackend(someOffers(random, random.int(1, 400))))
      world.export()
      await world.pull()
      expect(world.digest('puller')).toBe(world.digest('publisher'))
      const all = (whose: 'publisher' | 'puller') =>
        world.read(whose, (catalog) => [
          catalog.first(someRequirements(), 0),
          catalog.listing().backends,
        ])
      expect(all('puller')).toEqual(all('publisher'))
    },
  )

  test('is the same of the embedded catalog', async () => {
    const embedded = embeddedCatalogPath()
    expect(existsSync(embedded), 'run: npm run build').toBe(true)
    copyFileSync(embedded, join(world.root, 'publisher', 'catalog.sqlite'))
    world.export()
    await world.pull()
    expect(world.digest('puller')).toBe(world.digest('publisher'))
  })

  test('may come from a folder, or from its file: address', async () => {
    world.offer(priced('aws', 1))
    world.export()
    await world.pull({ source: sourceAddress('published', world.root) })
    const again = await world.pull({
      source: sourceAddress(pathToFileURL(world.folder).href, '/'),
      key: null,
    })
    expect(states(again)).toEqual({ aws: 'unchanged' })
    expect(again.source).toBe(world.folder)
  })

  test('keeps the name of what read the offers', async () => {
    world.offer(priced('aws', 1))
    world.export()
    await world.pull()
    const importers = world.read('puller', (catalog) =>
      catalog.readFiles(someRequirements(), (database) =>
        database.prepare('SELECT importer FROM backend').pluck().all(),
      ),
    )
    expect(importers).toEqual([['a test']])
  })
})

describe('only what has changed is asked for', () => {
  test('nothing new: the manifest alone, conditionally, and the catalog is not written', async () => {
    world.offer(priced('aws', 1), priced('gcp', 2))
    world.export()
    expect(states(await world.pull())).toEqual({ aws: 'pulled', gcp: 'pulled' })
    const { mtimeMs } = statSync(join(world.home, 'catalog.sqlite'))
    const from = world.server.asked.length
    expect(states(await world.pull({ key: null }))).toEqual({ aws: 'unchanged', gcp: 'unchanged' })
    expect(paths(from)).toEqual(['/manifest.json'])
    expect(world.server.asked.at(-1)?.headers['if-none-match']).toMatch(/^"[0-9a-f]{64}"$/)
    expect(statSync(join(world.home, 'catalog.sqlite')).mtimeMs).toBe(mtimeMs)
  })

  test('one backend of two: its text alone', async () => {
    world.offer(priced('aws', 1), priced('gcp', 2))
    world.export()
    await world.pull()
    world.offer(priced('gcp', 3))
    const report = world.export()
    const from = world.server.asked.length
    expect(states(await world.pull())).toEqual({ aws: 'unchanged', gcp: 'pulled' })
    const sha256 = report.backends.find(({ backend }) => backend === 'gcp')?.sha256
    expect(paths(from)).toEqual(['/manifest.json', `/snapshots/${sha256}.json`])
    expect(world.digest('puller')).toBe(world.digest('publisher'))
  })

  test('notes that change alone come, too', async () => {
    world.offer(priced('aws', 1))
    world.export()
    await world.pull()
    world.replace([{ backend: 'aws', offers: priced('aws', 1), notes: ['told better'] }])
    world.export()
    await world.pull()
    const notes = world.read('puller', (catalog) => catalog.listing().backends[0]?.notes)
    expect(notes).toEqual(['told better'])
  })

  test('what the embedded catalog has already is not fetched', async () => {
    world.offer(priced('aws', 1), priced('gcp', 2))
    world.export({ backends: ['aws'] })
    const embedded = join(world.root, 'publisher', 'catalog.sqlite')
    expect(states(await world.pull({ embedded }))).toEqual({ aws: 'unchanged' })
    expect(existsSync(join(world.home, 'catalog.sqlite'))).toBe(false)
  })
})

describe('the catalog that is there', () => {
  test('keeps prices of a later day, and backends that are not published', async () => {
    world.offer(priced('aws', 5, { day: 22 }), priced('gcp', 2))
    world.export()
    await world.pull()
    world.offer(priced('aws', 4, { day: 21 }))
    world.export({ backends: ['aws'] })
    expect(states(await world.pull())).toEqual({ aws: 'kept' })
    const held = world.read('puller', (catalog) => catalog.first(someRequirements(), 0))
    expect(new Set(held.map(({ backend, priceNanoUsd }) => `${backend} ${priceNanoUsd}`))).toEqual(
      new Set(['aws 5000000000', 'gcp 2000000000']),
    )
  })

  test('a dry run verifies, tells, and leaves all as it was', async () => {
    world.offer(priced('aws', 1))
    world.export()
    const report = await world.pull({ dryRun: true })
    expect([report.dryRun, states(report)]).toEqual([true, { aws: 'pulled' }])
    expect(filesUnder(world.home).filter((name) => !name.startsWith('cache/'))).toEqual([
      'refresh.lock',
    ])
  })

  test('what was in quarantine is not taken over what was pulled later', async () => {
    const kept = { backend: 'aws', offers: priced('aws', 9), notes: [], why: ['prices moved'] }
    putInQuarantine(world.home, kept)
    world.offer(priced('aws', 1))
    world.export()
    await world.pull()
    expect(readQuarantined(world.home, 'aws')).toBe(null)
  })

  test('a refresh at work is not disturbed', async () => {
    world.offer(priced('aws', 1))
    world.export()
    await whileAlone({ DSTACK_OFFERS_HOME: world.home }, async () => {
      expect(await codeOf(world.pull())).toBe('refresh-locked')
    })
    expect(states(await world.pull())).toEqual({ aws: 'pulled' })
  })
})

describe('whose key it is', () => {
  test('has to be said once, and is remembered', async () => {
    world.offer(priced('aws', 1))
    world.export()
    expect(await codeOf(world.pull({ key: null }))).toBe('argument-invalid')
    expect(paths()).toEqual([])
    await world.pull()
    expect((await world.pull({ key: null })).key).toBe(world.signer.publicKey)
  })

  test('the report tells sequence and day', async () => {
    world.offer(priced('aws', 1))
    world.export()
    expect(await world.pull()).toMatchObject({ sequence: 1, createdAt: '2026-11-24T12:00:00Z' })
    expect(noonMs).toBe(Date.parse('2026-11-24T12:00:00Z'))
  })
})

describe('addresses', () => {
  const nameOf = (text: string) => sourceAddress(text, '/here').name

  test('a query, which may be a token, goes with every request and into no name', async () => {
    world.offer(priced('aws', 1))
    world.export()
    const source = sourceAddress(`${world.server.url}/?sig=canary-token`, '/')
    expect(source.name).toBe(world.server.url)
    await world.pull({ source })
    expect(world.server.asked.map(({ query }) => query.get('sig'))).toEqual([
      'canary-token',
      'canary-token',
    ])
    for (const name of filesUnder(world.home)) {
      expect(readFileSync(join(world.home, name), 'latin1')).not.toContain('canary-token')
    }
  })

  test('are told apart', () => {
    expect(nameOf('https://host/a/')).toBe('https://host/a')
    expect(nameOf('https://host/a/manifest.json')).toBe('https://host/a')
    expect(nameOf('https://host')).toBe('https://host')
    expect(nameOf('there')).toBe('/here/there')
    expect(() => nameOf('ftp://host/a')).toThrow('cannot be pulled by "ftp:"')
    expect(() => nameOf('https://me:canary@host/a')).toThrow(/^((?!canary).)*$/)
    expect(() => nameOf('')).toThrow('names no published catalog')
  })
})

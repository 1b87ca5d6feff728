import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import type { Offer } from '#domain/offer'
import { catalogAsOf } from '#history/as-of'
import { withWritableHistory } from '#history/open'
import { pruneHistory } from '#history/prune'
import { openCatalog } from '#offers/catalog'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../builders.ts'
import { someOffers } from '../generators.ts'
import { seeded } from '../random.ts'
import { run } from '../cli/world.ts'
import { type Journal, newJournal, seenAt } from './journal.ts'

let journal: Journal
let folder: string
let embeddedPath: string

const priced = (backend: string, usd: number): readonly Offer[] => [
  anOffer({
    backend,
    instanceType: anInstanceType({ name: 'big' }),
    priceNanoUsd: usd * 1_000_000_000,
  }),
]

beforeEach(() => {
  journal = newJournal()
  folder = mkdtempSync(join(tmpdir(), 'dstack-offers-embedded-'))
  embeddedPath = join(folder, 'catalog.sqlite')
  const database = openWritableCatalogFile(embeddedPath)
  const embed = (backend: string, usd: number, at: string): void =>
    replaceBackend(database, { backend, offers: seenAt(at, priced(backend, usd)), notes: [] })
  embed('aws', 9, '2026-10-01T00:00:00Z')
  embed('gcp', 5, '2026-10-01T00:00:00Z')
  embed('azure', 7, '2026-11-06T00:00:00Z')
  database.close()
})
afterEach(() => {
  journal.end()
  rmSync(folder, { recursive: true, force: true })
})

const nowMs = Date.parse('2026-11-24T12:00:00Z')

const asOf = (day: string) =>
  catalogAsOf(day, { environment: journal.environment, nowMs, embeddedPath })

const pricesOn = (day: string): Readonly<Record<string, number>> => {
  const { catalog } = asOf(day)
  const offers = catalog.first(someRequirements(), 0)
  catalog.close()
  return Object.fromEntries(
    offers.map(({ backend, priceNanoUsd }) => [backend, (priceNanoUsd ?? 0) / 1_000_000_000]),
  )
}

test('each day has the prices seen by its end; a backend not recorded stands as embedded', () => {
  journal.put('2026-11-02T10:00:00Z', priced('aws', 1))
  journal.put('2026-11-05T23:59:59Z', priced('aws', 2))
  journal.put('2026-11-08T00:00:00Z', priced('gcp', 3))
  expect(pricesOn('2026-11-02')).toEqual({ aws: 1, gcp: 5 })
  expect(pricesOn('2026-11-05')).toEqual({ aws: 2, gcp: 5 })
  expect(pricesOn('2026-11-07')).toEqual({ aws: 2, gcp: 5, azure: 7 })
  expect(pricesOn('2026-11-24')).toEqual({ aws: 2, gcp: 3, azure: 7 })
})

test('a backend whose every price was seen later is named', () => {
  journal.put('2026-11-02T10:00:00Z', priced('aws', 1))
  journal.put('2026-11-08T10:00:00Z', priced('vastai', 1))
  const { catalog, unknown } = asOf('2026-11-03')
  catalog.close()
  expect([...unknown].toSorted()).toEqual(['azure', 'vastai'])
})

test('what the embedded catalog saw later than the record wins, as it does today', () => {
  journal.put('2026-11-02T10:00:00Z', priced('azure', 1))
  expect(pricesOn('2026-11-03')['azure']).toBe(1)
  expect(pricesOn('2026-11-06')['azure']).toBe(7)
})

test('today is what a search of today gives, offer by offer', () => {
  const random = seeded(3)
  const offers = someOffers(random, 80).filter(({ backend }) => backend === 'gcp')
  journal.put('2026-11-02T10:00:00Z', priced('gcp', 1))
  journal.put('2026-11-20T10:00:00Z', offers)
  const { catalog } = asOf('2026-11-24')
  const now = openCatalog({ path: journal.places.catalogPath })
  const gcp = someRequirements({ backends: ['gcp'] })
  expect(catalog.search(gcp, { limit: 0 })).toEqual(now.search(gcp, { limit: 0 }))
  expect(now.count(gcp)).toBe(offers.length)
  catalog.close()
  now.close()
})

test('a day before the first record is refused, naming the first', () => {
  journal.put('2026-11-02T10:00:00Z', priced('aws', 1))
  expect(() => asOf('2026-11-01')).toThrow(
    expect.objectContaining({ code: 'history-missing', hint: 'the first day is 2026-11-02' }),
  )
})

test('what was pruned is unknown, and not what another catalog says of that day', () => {
  journal.put('2026-10-05T10:00:00Z', priced('gcp', 4))
  journal.put('2026-11-02T10:00:00Z', priced('aws', 1))
  journal.put('2026-11-05T10:00:00Z', priced('aws', 2))
  journal.put('2026-11-08T10:00:00Z', priced('aws', 3))
  const prune = (before: string) =>
    withWritableHistory(journal.places, (database) =>
      pruneHistory(database, Date.parse(before) / 1000, { dryRun: false }),
    )
  // Nothing is older than aws' first record: what was known before it still is.
  prune('2026-11-03T00:00:00Z')
  expect(pricesOn('2026-11-01')).toEqual({ gcp: 4, aws: 9 })
  prune('2026-11-06T00:00:00Z')
  expect(pricesOn('2026-11-02')).toEqual({ gcp: 4 })
  const { catalog, unknown } = asOf('2026-11-02')
  catalog.close()
  expect(unknown).toContain('aws')
  expect(pricesOn('2026-11-05')).toEqual({ gcp: 4, aws: 2 })
})

test('without a record there is only the present', () => {
  expect(() => asOf('2026-11-01')).toThrow(/no price is recorded yet/)
})

test('a day to come says whose day it is', () => {
  journal.put('2026-11-02T10:00:00Z', priced('aws', 1))
  expect(() => asOf('2026-11-25')).toThrow(
    expect.objectContaining({ hint: 'days are those of UTC: today is 2026-11-24' }),
  )
})

test.each([
  ['2026-02-30', 'is no day'],
  ['yesterday', 'is no day'],
  ['2026-11-25', 'lies in the future'],
])('%s %s', (day, message) => {
  journal.put('2026-11-02T10:00:00Z', priced('aws', 1))
  expect(() => asOf(day)).toThrow(message)
})

const cached = (): readonly string[] => readdirSync(join(journal.home, 'cache'))

test('made once and then found: days that are alike share a file', () => {
  journal.put('2026-11-02T10:00:00Z', priced('aws', 1))
  expect([pricesOn('2026-11-03'), pricesOn('2026-11-04')]).toEqual([
    { aws: 1, gcp: 5 },
    { aws: 1, gcp: 5 },
  ])
  expect(cached()).toHaveLength(1)
  pricesOn('2026-11-06')
  expect(cached()).toHaveLength(2)
})

test('without a place to keep it, it answers all the same', () => {
  journal.put('2026-11-02T10:00:00Z', priced('aws', 1))
  writeFileSync(join(journal.home, 'cache'), 'a file where the folder would be')
  expect(pricesOn('2026-11-03')).toEqual({ aws: 1, gcp: 5 })
})

test.each([
  ['--gpu', 'A100', '-o', 'csv'],
  ['--gpu', 'A100', '--max-price', '0.5', '--why'],
  ['--gpu', 'A100', '--explain', '1'],
  ['plan', 'train.dstack.yml'],
  ['gpus', '-o', 'csv'],
])('%s %s …: the day of the catalog decides', async (...words) => {
  const gpu = anInstanceType({ name: 'big', cpus: 8, memoryMib: 65_536, gpu: aGpu(), gpuCount: 1 })
  const put = (at: string, usd: number): void =>
    journal.put(at, [anOffer({ backend: 'vastai', instanceType: gpu, priceNanoUsd: usd * 1e9 })])
  put('2026-11-02T10:00:00Z', 1.25)
  put('2026-11-08T10:00:00Z', 2.5)
  const answer = (day: string) =>
    run(words, {
      nowMs,
      files: { 'train.dstack.yml': 'type: task\ncommands: [train]\nresources:\n  gpu: A100\n' },
      openCatalog: () => Promise.resolve(asOf(day).catalog),
    })
  const [then, later] = [await answer('2026-11-02'), await answer('2026-11-08')]
  expect(`${then.stdout}${then.stderr}`).toMatch(/1\.25/)
  expect(`${then.stdout}${then.stderr}`).not.toMatch(/2\.5/)
  expect(`${later.stdout}${later.stderr}`).toMatch(/2\.5/)
  expect(then.code).toBe(later.code)
})

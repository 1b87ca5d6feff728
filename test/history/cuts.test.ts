/** A stop between the two commits, at each place where one is possible. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import { shelvedBackends } from '#catalog/shelf'
import type { Offer } from '#domain/offer'
import { withHistory } from '#history/open'
import { openWritableHistoryFile } from '#history/database'
import { lastGenerations, pendingGenerations } from '#history/generations'
import { backendOffersAt } from '#history/held'
import { priceRecord } from '#history/price-record'
import { anInstanceType, anOffer } from '../builders.ts'
import { type Journal, newJournal, seenAt } from './journal.ts'

let journal: Journal
beforeEach(() => {
  journal = newJournal()
})
afterEach(() => journal.end())

const priced = (...usd: readonly number[]): readonly Offer[] =>
  usd.map((one, index) =>
    anOffer({
      instanceType: anInstanceType({ name: `m${index}` }),
      priceNanoUsd: one * 1_000_000_000,
    }),
  )

const [monday, tuesday, wednesday] = [
  '2026-11-02T10:00:00Z',
  '2026-11-03T10:00:00Z',
  '2026-11-04T10:00:00Z',
] as const

const hourMs = 3_600_000

const secondsOf = (at: string): number => Date.parse(at) / 1000

/** The prices that the history says were there at an instant. */
const pricesAt = (at: string): readonly (number | null)[] =>
  withHistory(journal.places, (database) => {
    expect(pendingGenerations(database)).toEqual([])
    const [generation] = lastGenerations(database, secondsOf(at))
    if (generation === undefined) return []
    const { offers } = backendOffersAt(database, generation)
    return offers.map(({ priceNanoUsd }) => (priceNanoUsd ?? 0) / 1_000_000_000)
  })

const generations = (): number =>
  withHistory(journal.places, (database) =>
    Number(database.prepare('SELECT count(*) FROM generation').pluck().get()),
  )

/** Announces in the history, and puts into the catalog or not, as a refresh that is stopped. */
const stopped = (at: string, offers: readonly Offer[], { inPlace }: { inPlace: boolean }): void => {
  const record = priceRecord(journal.places, () => Date.parse(at) + hourMs)
  const replacement = { backend: 'aws', offers: seenAt(at, offers), notes: [] }
  record.settle()
  const scratch = openWritableCatalogFile(inPlace ? journal.places.catalogPath : ':memory:')
  if (inPlace) {
    // The digest is known before the catalog is in place: it is made aside.
    const aside = openWritableCatalogFile(':memory:')
    replaceBackend(aside, replacement)
    record.begin('aws', shelvedBackends(aside)[0]?.digest ?? '')
    aside.close()
  }
  replaceBackend(scratch, replacement)
  if (!inPlace) record.begin('aws', shelvedBackends(scratch)[0]?.digest ?? '')
  scratch.close()
}

describe('a stop', () => {
  test('after the catalog is in place: completed when next read, at the time it was begun', () => {
    journal.put(monday, priced(1, 2))
    stopped(tuesday, priced(1, 3), { inPlace: true })
    // Begun an hour after its prices were seen.
    expect(pricesAt(tuesday)).toEqual([1, 2])
    expect(pricesAt('2026-11-03T11:00:00Z')).toEqual([1, 3])
    expect(generations()).toBe(2)
  })

  test('after the catalog is in place: completed by the next writer, whose prices follow', () => {
    journal.put(monday, priced(1, 2))
    stopped(tuesday, priced(1, 3), { inPlace: true })
    journal.put(wednesday, priced(4))
    const later = '2026-11-03T11:00:00Z'
    expect([pricesAt(monday), pricesAt(later), pricesAt(wednesday)]).toEqual([[1, 2], [1, 3], [4]])
  })

  test('before the catalog is in place: dropped by the next writer', () => {
    journal.put(monday, priced(1, 2))
    stopped(tuesday, priced(1, 3), { inPlace: false })
    journal.put(wednesday, priced(1, 4))
    expect([pricesAt(tuesday), pricesAt(wednesday)]).toEqual([
      [1, 2],
      [1, 4],
    ])
    expect(generations()).toBe(2)
  })

  test('a reader leaves what a writer may be about to put in place', () => {
    journal.put(monday, priced(1, 2))
    stopped(tuesday, priced(1, 3), { inPlace: false })
    withHistory(journal.places, (database) => {
      expect(pendingGenerations(database)).toHaveLength(1)
    })
  })

  test('a reader that completes it first makes nothing double', () => {
    journal.put(monday, priced(1, 2))
    stopped(tuesday, priced(1, 3), { inPlace: true })
    expect(pricesAt(wednesday)).toEqual([1, 3])
    const record = priceRecord(journal.places, () => Date.parse(tuesday))
    record.end({ backend: 'aws', offers: seenAt(tuesday, priced(1, 3)), notes: [] })
    expect([pricesAt(wednesday), generations()]).toEqual([[1, 3], 2])
  })
})

describe('the catalog is what is true', () => {
  test('a catalog without a history is its first record, at the time it was seen', () => {
    journal.put(monday, priced(1, 2))
    rmSync(journal.places.historyPath)
    expect(pricesAt(monday)).toEqual([1, 2])
  })

  test('a catalog put there by hand is recorded when next read', () => {
    journal.put(monday, priced(1, 2))
    const database = openWritableCatalogFile(journal.places.catalogPath)
    replaceBackend(database, { backend: 'aws', offers: seenAt(tuesday, priced(7)), notes: [] })
    database.close()
    expect([pricesAt(monday), pricesAt(tuesday)]).toEqual([[1, 2], [7]])
  })

  test('what is the same but for its time writes no change', () => {
    journal.put(monday, priced(1, 2))
    journal.put(tuesday, priced(1, 2))
    withHistory(journal.places, (database) => {
      expect(database.prepare('SELECT count(*) FROM change').pluck().get()).toBe(2)
      expect(lastGenerations(database)[0]?.recordedAt).toBe(secondsOf(tuesday))
    })
  })
})

test('a damaged history stops the replacement, and the catalog is as it was', () => {
  journal.put(monday, priced(1, 2))
  rmSync(journal.places.historyPath)
  const other = openWritableCatalogFile(journal.places.historyPath)
  other.close()
  expect(() => journal.put(tuesday, priced(5))).toThrow(/not a price history/)
  const catalog = openWritableCatalogFile(journal.places.catalogPath)
  expect(shelvedBackends(catalog)[0]?.newest).toBe(monday)
  catalog.close()
})

test('a stop before the first commit leaves an empty file, which is none', () => {
  const begunAlone = newJournal()
  begunAlone.put(monday, priced(1, 2))
  writeFileSync(begunAlone.places.historyPath, '')
  const prices = withHistory(begunAlone.places, (database) =>
    lastGenerations(database).flatMap((one) => backendOffersAt(database, one).offers.length),
  )
  expect(prices).toEqual([2])
  rmSync(begunAlone.places.catalogPath)
  writeFileSync(begunAlone.places.historyPath, '')
  expect(() => withHistory(begunAlone.places, () => 0)).toThrow(/no price is recorded yet/)
  begunAlone.end()
})

test('a history in use is not told to be moved away', () => {
  journal.put(monday, priced(1, 2))
  const other = openWritableHistoryFile(journal.places.historyPath)
  other.exec('BEGIN IMMEDIATE')
  expect(() => journal.put(tuesday, priced(1, 3))).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('is in use by another process') as unknown,
      hint: 'try again in a moment',
    }),
  )
  other.close()
  expect(pricesAt(tuesday)).toEqual([1, 2])
})

test('a commit that was cut off is undone by who reads next', () => {
  journal.put(monday, priced(...Array.from({ length: 2000 }, () => 1)))
  const { historyPath } = journal.places
  const writer = openWritableHistoryFile(historyPath)
  // Pages of the unfinished commit are in the file, and what they were before is in the journal.
  writer.pragma('cache_size = 2')
  writer.exec('BEGIN; UPDATE change SET price = price + 1')
  const cut = ['', '-journal'].map((end) => [readFileSync(historyPath + end), end] as const)
  writer.exec('ROLLBACK')
  writer.close()
  for (const [bytes, end] of cut) writeFileSync(historyPath + end, bytes)
  expect(cut.every(([bytes]) => bytes.length > 10_000)).toBe(true)
  expect(new Set(pricesAt(monday))).toEqual(new Set([1]))
})

/** Puts one generation after another, as fast as it can; every price is the generation's number. */
const victimCode = `
  import { putBackend } from '#refresh/catalog-file'
  import { priceRecord } from '#history/price-record'
  const { places, offers, from } = JSON.parse(process.env.VICTIM)
  process.stdout.write('ready')
  for (let price = from; ; price++) {
    const at = Date.parse('2026-11-02T10:00:00Z') + price * 60_000
    const observation = { source: 'a source', observedAt: new Date(at).toISOString().slice(0, 19) + 'Z' }
    const own = offers.map((offer) => ({ ...offer, observation, priceNanoUsd: price * 1_000_000_000 }))
    putBackend(places.catalogPath, { backend: 'aws', offers: own, notes: [] }, priceRecord(places, () => at))
  }
`

const victim = (offers: readonly Offer[], from: number, liveMs: number): Promise<void> =>
  new Promise((resolve) => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', '-C', 'source', '--input-type=module', '-e', victimCode],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, VICTIM: JSON.stringify({ places: journal.places, offers, from }) },
      },
    )
    child.stdout.once('data', () => setTimeout(() => child.kill('SIGKILL'), liveMs))
    child.once('close', () => resolve())
  })

const kills = Number(process.env['HISTORY_KILLS'] ?? '6')

test(
  `killed ${kills} times while writing, no price is lost or made up`,
  { timeout: 240_000 },
  async () => {
    const offers = priced(...Array.from({ length: 200 }, () => 1))
    let from = 1
    for (let index = 0; index < kills; index++) {
      await victim(offers, from, 250 + index * 37)
      if (!existsSync(journal.places.catalogPath)) continue
      // The next writer settles what the kill left.
      priceRecord(journal.places, Date.now).settle()
      const catalog = openWritableCatalogFile(journal.places.catalogPath)
      const digest = shelvedBackends(catalog)[0]?.digest
      catalog.close()
      withHistory(journal.places, (database) => {
        expect(pendingGenerations(database)).toEqual([])
        expect(lastGenerations(database)[0]?.digest).toBe(digest)
        const prices = database
          .prepare<[], number>('SELECT DISTINCT price FROM change ORDER BY generation')
          .pluck()
          .all()
        // Every price that was ever put is there, each once, for all of the offers.
        expect(prices).toEqual(prices.map((_, at) => (at + 1) * 1_000_000_000))
        const counted = database.prepare('SELECT count(*) FROM change').pluck().get()
        expect(counted).toBe(prices.length * offers.length)
        from = prices.length + 1
      })
    }
    expect(from).toBeGreaterThan(kills)
  },
)

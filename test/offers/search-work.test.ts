/** How much a search reads: it must follow the answer's size, not the catalog's. */
import { expect, test } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { searchableFile } from '#offers/search-file'
import type { Sqlite } from '#platform/sqlite'
import { lower } from '#query/lower'
import { anInstanceType, anOffer, someRequirements } from '../builders.ts'

/** Machines of 1, 2, 4 ... 512 vCPUs, so of ten cells; the larger the dearer, in many regions. */
const offers = (perSize: number): readonly Offer[] =>
  Array.from({ length: 10 }, (_, size) => 2 ** size).flatMap((cpus) =>
    Array.from({ length: perSize }, (__, index) =>
      ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7', 'r8'].map((region, place) =>
        anOffer({
          region,
          instanceType: anInstanceType({ name: `m${cpus}.${index}`, cpus }),
          priceNanoUsd: cpus * 1_000_000 + index * 100 + place,
        }),
      ),
    ).flat(),
  )

interface Work {
  /** Statements run, and rows they gave. */
  statements: number
  rows: number
}

/** The database, with what is run on it counted. */
const counted = (database: Sqlite): Work => {
  const work: Work = { statements: 0, rows: 0 }
  const prepare = database.prepare.bind(database)
  Object.assign(database, {
    prepare: (sql: string) => {
      const statement = prepare(sql)
      const all = statement.all.bind(statement)
      const get = statement.get.bind(statement)
      return Object.assign(statement, {
        all: (...values: unknown[]) => {
          const rows = all(...values)
          work.statements++
          work.rows += rows.length
          return rows
        },
        get: (...values: unknown[]) => {
          work.statements++
          return get(...values)
        },
      })
    },
  })
  return work
}

const workOf = (perSize: number, over: Partial<Requirements>, limit: number): Work => {
  const database = openWritableCatalogFile(':memory:')
  replaceBackend(database, { backend: 'aws', offers: offers(perSize), notes: [] })
  const work = counted(database)
  const { first } = searchableFile(database)
  const asked = lower(someRequirements(over))
  first(asked, limit)
  Object.assign(work, { statements: 0, rows: 0 })
  expect(first(asked, limit)).toHaveLength(limit)
  database.close()
  return work
}

test.each<[string, Partial<Requirements>]>([
  ['anywhere', {}],
  ['in a region', { regions: ['r3'] }],
  ['in many regions', { regions: ['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'r7'] }],
  ['on demand, of some size', { spot: false, cpu: { min: 3, max: 40 } }],
])('the first 5 %s: few statements, few rows, however many offers', (_, over) => {
  const [few, many] = [workOf(20, over, 5), workOf(400, over, 5)]
  expect(many).toEqual(few)
  expect(many.statements).toBeLessThanOrEqual(25)
  expect(many.rows).toBeLessThanOrEqual(40)
})

test('a walk ends at the first cell that starts above what was found', () => {
  const near = workOf(20, {}, 5)
  const far = workOf(20, { cpu: { min: 500, max: null } }, 5)
  // One cell may match, or ten: where the cheapest is first, the others are not read.
  expect(near.statements).toBe(far.statements)
})

test('what nothing matches runs no search', () => {
  const database = openWritableCatalogFile(':memory:')
  replaceBackend(database, { backend: 'aws', offers: offers(5), notes: [] })
  const work = counted(database)
  const { first, count } = searchableFile(database)
  first(lower(someRequirements()), 1)
  for (const over of [
    { cpu: { min: 5000, max: null } },
    { backends: ['gcp'] },
    { maxPriceNanoUsd: 5 },
  ]) {
    Object.assign(work, { statements: 0, rows: 0 })
    expect(first(lower(someRequirements(over)), 5)).toEqual([])
    expect(count(lower(someRequirements(over)))).toBe(0)
    // Only whether the file has changed.
    expect(work).toEqual({ statements: 2, rows: 0 })
  }
  database.close()
})

test('a count of whole cells reads no variant', () => {
  const database = openWritableCatalogFile(':memory:')
  replaceBackend(database, { backend: 'aws', offers: offers(5), notes: [] })
  const work = counted(database)
  const { count } = searchableFile(database)
  const asked = (over: Partial<Requirements>): number => {
    count(lower(someRequirements(over)))
    Object.assign(work, { statements: 0, rows: 0 })
    count(lower(someRequirements(over)))
    return work.statements
  }
  expect(asked({})).toBe(1)
  expect(asked({ cpu: { min: 4, max: 64 }, spot: false })).toBe(1)
  expect(asked({ maxPriceNanoUsd: 600_000_000 })).toBe(1)
  expect(asked({ regions: ['r1', 'r2'] })).toBe(3)
  // The cell of 8 vCPUs is cut by the price: it alone is read.
  expect(asked({ maxPriceNanoUsd: 8_000_001 })).toBe(2)
  database.close()
})

import { describe, expect, test } from 'vitest'
import { openWritableCatalogFile } from '#catalog/database'
import { deriveCells } from '#catalog/derive'
import { listBackends } from '#catalog/listing'
import { replaceBackend } from '#catalog/replace'
import { shelvedBackends } from '#catalog/shelf'
import type { Offer } from '#domain/offer'
import type { Sqlite } from '#platform/sqlite'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'
import { someOffers } from '../generators.ts'
import { seeded } from '../random.ts'

const catalogOf = (offers: readonly Offer[]): Sqlite => {
  const database = openWritableCatalogFile(':memory:')
  for (const backend of new Set(offers.map((offer) => offer.backend))) {
    const own = offers.filter((offer) => offer.backend === backend)
    replaceBackend(database, { backend, offers: own, notes: [`of ${backend}`] })
  }
  return database
}

const dump = (database: Sqlite): unknown =>
  ['instance_type', 'offer', 'variant', 'cell', 'cell_region', 'backend', 'summary'].map((table) =>
    database
      .prepare(
        `SELECT * FROM ${table} ORDER BY 1, 2, 3`.replace(
          ', 2, 3',
          table === 'summary' ? '' : ', 2, 3',
        ),
      )
      .all(),
  )

describe('replaceBackend', () => {
  test('leaves other backends alone and takes back all of its own', () => {
    const aws = [anOffer(), anOffer({ region: 'eu-west-1' })]
    const gcp = [anOffer({ backend: 'gcp', instanceType: anInstanceType({ name: 'n2' }) })]
    const database = catalogOf([...aws, ...gcp])
    replaceBackend(database, { backend: 'aws', offers: aws.slice(0, 1), notes: [] })
    expect(listBackends(database).map(({ backend, offers }) => [backend, offers])).toEqual([
      ['aws', 1],
      ['gcp', 1],
    ])
    replaceBackend(database, { backend: 'aws', offers: [], notes: [] })
    expect(database.prepare('SELECT count(*) FROM offer').pluck().get()).toBe(1)
    expect(shelvedBackends(database).find(({ name }) => name === 'aws')?.offers).toBe(0)
  })

  test('what told the old prices goes with them', () => {
    const database = catalogOf([anOffer()])
    const observation = { source: 'a later list', observedAt: '2026-11-02T00:00:00Z' }
    replaceBackend(database, { backend: 'aws', offers: [anOffer({ observation })], notes: [] })
    expect(database.prepare('SELECT source FROM observation').pluck().all()).toEqual([
      'a later list',
    ])
  })

  test('summaries after many replacements equal summaries made anew', () => {
    const random = seeded(7)
    const database = catalogOf(someOffers(random, 200))
    for (let round = 0; round < 20; round++) {
      const offers = someOffers(random, 60)
      const backend = random.pick(offers).backend
      const own = offers.filter((offer) => offer.backend === backend)
      replaceBackend(database, { backend, offers: own, notes: [] })
    }
    const stored = dump(database)
    // Which cell a variant is in is free; all else follows from the offers.
    database.exec(`
      CREATE TEMP TABLE place AS SELECT id, cell_id FROM variant;
      DELETE FROM variant;
      INSERT INTO variant
      SELECT place.cell_id, min(standing), variant_id, max(standing), type.cpu_milli,
        type.memory_mib, type.gpu_count, type.disk_mib, variant_id >> 22,
        sum(DISTINCT 1 << (region_id % 52)), count(*)
      FROM offer JOIN instance_type type ON type.id = variant_id / 4
        JOIN temp.place ON place.id = variant_id
      GROUP BY variant_id;
      DELETE FROM cell_region;
      INSERT INTO cell_region
      SELECT region_id, cell_id, backend_id, min(standing), count(*)
      FROM variant JOIN offer ON variant_id = variant.id GROUP BY 1, 2, 3`)
    deriveCells(database)
    expect(dump(database)).toEqual(stored)
  })

  test('the digest depends on the offers alone: not on their order, nor on what was there before', () => {
    const offers = someOffers(seeded(3), 80)
    const digests = (database: Sqlite): unknown =>
      database.prepare('SELECT digest FROM summary').get()
    const once = catalogOf(offers)
    const twice = catalogOf(offers.toReversed())
    for (const backend of new Set(offers.map((offer) => offer.backend))) {
      replaceBackend(twice, { backend, offers: [], notes: [] })
      const own = offers.filter((offer) => offer.backend === backend)
      replaceBackend(twice, { backend, offers: own, notes: [] })
    }
    expect(digests(twice)).toEqual(digests(once))
    const dearer = offers.map((offer, index) =>
      index === 5 ? { ...offer, priceNanoUsd: 1 } : offer,
    )
    expect(digests(catalogOf(dearer))).not.toEqual(digests(once))
  })

  test.each<[string, readonly Offer[]]>([
    ['another backend', [anOffer({ backend: 'gcp' })]],
    ['a region without a name', [anOffer({ region: '' })]],
    ['one identity twice', [anOffer(), anOffer({ priceNanoUsd: 1 })]],
    ['a price of zero', [anOffer({ priceNanoUsd: 0 })]],
    ['a price below zero', [anOffer({ priceNanoUsd: -1 })]],
    ['a price that is no number', [anOffer({ priceNanoUsd: NaN })]],
    ['a fraction of a nano-USD', [anOffer({ priceNanoUsd: 0.5 })]],
    ['accelerators of no model', [anOffer({ instanceType: anInstanceType({ gpuCount: 1 }) })]],
    [
      'a model without a count',
      [anOffer({ instanceType: anInstanceType({ gpu: aGpu(), gpuCount: 0 }) })],
    ],
    ['no memory', [anOffer({ instanceType: anInstanceType({ memoryMib: 0 }) })]],
    [
      'two machines of one name',
      [anOffer(), anOffer({ region: 'r2', instanceType: anInstanceType({ cpus: 4 }) })],
    ],
  ])('refuses %s and changes nothing', (_, offers) => {
    const database = catalogOf([anOffer()])
    const before = dump(database)
    expect(() => replaceBackend(database, { backend: 'aws', offers, notes: [] })).toThrow(
      expect.objectContaining({ code: 'import-rejected' }),
    )
    expect(dump(database)).toEqual(before)
  })

  test('keeps an unknown price unknown', () => {
    const database = catalogOf([anOffer({ priceNanoUsd: null })])
    expect(database.prepare('SELECT standing FROM offer').pluck().get()).toBe(2 ** 50)
  })
})

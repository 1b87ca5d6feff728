/** Markets that lie: what the catalog holds stands, and the report says why. */
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Collected } from '#backends/kit/collect'
import { runpod } from '#backends/runpod/backend'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackends } from '#catalog/replace'
import { withLiveOffers } from '#live/live'
import { liveDoubts } from '#live/live-doubts'
import { openCatalog } from '#offers/catalog'
import { marketBounds } from '#refresh/bounds'
import { anOffer, someRequirements } from '../builders.ts'
import type { Reply } from '../contract/scripted-server.ts'
import { gpus, newWorld, type World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

describe('an answer that cannot be beside what the catalog holds', () => {
  /** What runpod has, at other prices, is the catalog; what it says now is asked for over it. */
  const askOver = async (priceOf: (nanoUsd: number | null) => number | null, reply?: Reply) => {
    const { environment } = world
    const options = { requirements: gpus(1, 2), environment, backends: [runpod], timeoutMs: 20_000 }
    const { catalog: now } = await withLiveOffers(world.open(), options)
    const offers = now.first(someRequirements({ backends: ['runpod'] }), 0)
    now.close()
    const path = join(world.environment['DSTACK_OFFERS_HOME'] ?? '', 'held.sqlite')
    const database = openWritableCatalogFile(path)
    const held = offers.map((offer) => ({ ...offer, priceNanoUsd: priceOf(offer.priceNanoUsd) }))
    replaceBackends(database, [{ backend: 'runpod', offers: held, notes: [] }])
    database.close()
    if (reply !== undefined) world.script.runpod = reply
    const { catalog, reports } = await withLiveOffers(openCatalog({ path }), options)
    const after = catalog.first(someRequirements({ backends: ['runpod'] }), 0)
    catalog.close()
    return { report: reports[0], after, held }
  }
  const times = (factor: number) => (nanoUsd: number | null) => nanoUsd && nanoUsd * factor

  test.each([0.01, 100])('prices that were %d times as high: those held stand', async (factor) => {
    const { report, after, held } = await askOver(times(factor))
    expect(report).toMatchObject({ state: 'doubted', offers: 0 })
    expect(report?.why.join()).toMatch(/prices are (100.00|0.01) times those held, by the median/)
    expect(after).toHaveLength(held.length)
    expect(after[0]?.priceNanoUsd).toBe(held[0]?.priceNanoUsd)
  })

  test('prices that were a little lower are news', async () => {
    const { report } = await askOver(times(0.8))
    expect(report).toMatchObject({ state: 'answered', why: [] })
  })

  test('a market without anything: the rows held stand', async () => {
    const lists = { gpuTypes: [], dataCenters: [], countryCodes: [], cpuFlavors: [] }
    const nothing = { body: JSON.stringify({ data: lists }) }
    const { report, after, held } = await askOver(times(1), nothing)
    expect(held.length).toBeGreaterThan(9)
    const why = [`it tells of no offer, where the catalog holds ${held.length}`]
    expect(report).toMatchObject({ state: 'doubted', why })
    expect(after).toHaveLength(held.length)
  })
})

test.each<[string, number | null, readonly string[]]>([
  ['a price, as the catalog has', 2, []],
  ['no price at all, where the catalog has some', null, [expect.stringContaining('in dollars')]],
])('%s', (_, price, why) => {
  const collected = (priceNanoUsd: number | null): Collected => ({
    offers: [anOffer({ priceNanoUsd })],
    rejects: [],
    malformed: 0,
    pages: [],
    sealed: { complete: true },
  })
  expect(liveDoubts(collected(price), [anOffer({ priceNanoUsd: 1 })], marketBounds)).toEqual(why)
  expect(liveDoubts(collected(price), [], marketBounds)).toEqual([])
})

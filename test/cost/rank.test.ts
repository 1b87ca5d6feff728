/** The orders against their definition: compute every key apart, filter, sort. */
import { expect, test } from 'vitest'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import { openWritableCatalogFile } from '#catalog/database'
import { replaceBackend } from '#catalog/replace'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { searchableFile } from '#offers/search-file'
import { type Budget, fitOf, parseBudget } from '#cost/budget'
import { expectedPrice, riskOf } from '#cost/expected'
import type { BandOf } from '#cost/interruption'
import { type RankBy, rankings } from '#cost/rank-key'
import { type RankedCatalog, rankOffers, type RankOptions } from '#cost/rank'
import { totalCost } from '#cost/total'
import { someRequirements } from '../builders.ts'
import { type Random, seeded } from '../random.ts'
import { anyOffer, anyQuestion } from './random-costs.ts'

const someCatalog = (random: Random): { offers: readonly Offer[]; catalog: RankedCatalog } => {
  const byId = new Map<string, Offer>()
  for (let index = random.int(1, 60); index > 0; index--) {
    const offer = anyOffer(random, `t${index}`)
    byId.set(offer.id, offer)
  }
  const offers = [...byId.values()]
  const database = openWritableCatalogFile(':memory:')
  for (const backend of new Set(offers.map((offer) => offer.backend))) {
    const own = offers.filter((offer) => offer.backend === backend)
    replaceBackend(database, { backend, offers: own, notes: [] })
  }
  const file = searchableFile(database)
  const catalog: RankedCatalog = {
    first: (requirements, limit) =>
      file.first(lower(requirements), limit).map(({ offer }) => offer),
    count: (requirements) => file.count(lower(requirements)),
  }
  return { offers, catalog }
}

const bandOf: BandOf = ({ backend, spot }) => (spot && backend === 'aws' ? '10-15' : null)

/** The key as a fraction, written out apart from the product's own. */
const keyOf = (offer: Offer, { by, question }: RankOptions): readonly [bigint, bigint] | null => {
  const { gpu, gpuCount } = offer.instanceType
  const total = totalCost(offer, question)
  if (offer.priceNanoUsd === null) return null
  const price = BigInt(offer.priceNanoUsd)
  switch (by) {
    case 'price':
      return [price, 1n]
    case 'total': {
      const { replica, disk } = total
      if (disk.kind === 'not-counted' || replica === null) return null
      return [question.durationSeconds === null ? replica.hour : (replica.run ?? -1n), 1n]
    }
    case 'gpu-hour':
      return gpu === null ? null : [price, BigInt(gpuCount)]
    case 'vram':
      return gpu === null ? null : [price, BigInt(gpuCount * gpu.memoryMib)]
    case 'expected': {
      const expected = expectedPrice(offer, riskOf(offer, bandOf), question.durationSeconds)
      return expected === null ? null : [expected, 1n]
    }
  }
}

interface Defined {
  readonly ids: readonly string[]
  readonly lacking: number
}

const definition = (read: readonly Offer[], options: RankOptions): Defined => {
  const { budget } = options
  const kept = read.filter(
    (offer) =>
      budget === null || (fitOf(budget, totalCost(offer, options.question))?.replicas ?? 0) > 0,
  )
  const keyed = kept.map((offer, place) => ({ offer, place, key: keyOf(offer, options) }))
  keyed.sort((left, right) => {
    const stock = Number(left.offer.stock === 'none') - Number(right.offer.stock === 'none')
    if (stock !== 0) return stock
    if (left.key === null || right.key === null)
      return Number(left.key === null) - Number(right.key === null) || left.place - right.place
    const difference = left.key[0] * right.key[1] - right.key[0] * left.key[1]
    return difference === 0n ? left.place - right.place : difference < 0n ? -1 : 1
  })
  return {
    ids: keyed.map(({ offer }) => offer.id),
    lacking: keyed.filter(({ key }) => key === null).length,
  }
}

const anyBudget = (random: Random): Budget | null =>
  random.chance(0.4) ? parseBudget(`${random.int(50, 900)}/month`) : null

const anyRequirements = (random: Random): Requirements =>
  someRequirements({
    spot: random.chance(0.3) ? random.chance(0.5) : null,
    maxPriceNanoUsd: random.chance(0.2) ? 600_000_000 : null,
    backends: random.chance(0.2) ? ['aws', 'gcp'] : null,
  })

test('every order equals its definition', () => {
  const random = seeded(20_260_801)
  const informative = new Map<RankBy, number>()
  for (let round = 0; round < 120; round++) {
    const { offers, catalog } = someCatalog(random)
    for (const by of rankings) {
      const requirements = anyRequirements(random)
      const options: RankOptions = {
        by,
        limit: random.pick([0, 1, 3, 10]),
        question: anyQuestion(random),
        bandOf,
        budget: anyBudget(random),
      }
      const told = JSON.stringify({ by, requirements, question: options.question })
      // The documented order itself is the search's, tested with it.
      const all = catalog.first(requirements, 0)
      const expected = definition(all, options)
      const ranking = rankOffers(catalog, requirements, options)
      const matching = offers.filter((offer) => matches(lower(requirements), offer)).length
      expect(
        ranking.offers.map(({ offer }) => offer.id),
        told,
      ).toEqual(expected.ids.slice(0, options.limit || undefined))
      expect(ranking.matched, told).toBe(expected.ids.length)
      expect(ranking.lacking, told).toBe(expected.lacking)
      expect(ranking.beyondBudget, told).toBe(matching - expected.ids.length)
      const byPrice = all.map(({ id }) => id)
      if (JSON.stringify(byPrice) !== JSON.stringify(expected.ids))
        informative.set(by, (informative.get(by) ?? 0) + 1)
    }
  }
  for (const by of rankings) expect(informative.get(by) ?? 0, by).toBeGreaterThan(20)
})

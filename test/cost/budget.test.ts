import { describe, expect, test } from 'vitest'
import { ArgumentError } from '#domain/errors'
import { dearestHour, fitOf, parseBudget } from '#cost/budget'
import { totalCost } from '#cost/total'
import { anOffer } from '../builders.ts'
import { seeded } from '../random.ts'
import { anyOffer, anyQuestion } from './random-costs.ts'

describe('a budget in words', () => {
  test.each([
    ['900/month', 900_000_000_000, 'month'],
    ['$900 / Month', 900_000_000_000, 'month'],
    ['30/day', 30_000_000_000, 'day'],
    ['30/d', 30_000_000_000, 'day'],
    ['1.25/h', 1_250_000_000, 'hour'],
    ['1.25/hour', 1_250_000_000, 'hour'],
  ])('%s', (text, nanoUsd, per) => {
    expect(parseBudget(text)).toEqual({ nanoUsd, per })
  })

  test.each(['900', '900/year', '900/m', '/month', 'x/month', '0/day', '-1/h', '1/2/day', ''])(
    '"%s" is none',
    (text) => {
      expect(() => parseBudget(text)).toThrow(ArgumentError)
    },
  )

  test('what it is not is quoted', () => {
    expect(() => parseBudget('900/year')).toThrow('"900/year" is no budget')
  })
})

describe('replicas that fit, by hand', () => {
  const question = { diskMib: 102_400, durationSeconds: null, replicas: { min: 1, max: 1 } }
  // 0.40 an hour is 292 a month, and 100 GB of gp3 add 8.
  const offer = anOffer({ priceNanoUsd: 400_000_000 })

  test.each([
    ['900/month', 3],
    ['899.99/month', 2],
    ['299.99/month', 0],
    ['300/month', 1],
    ['0.41095891/h', 1],
    ['0.410958905/h', 1],
    ['0.410958904/h', 0],
    ['30/day', 3],
  ])('%s', (budget, replicas) => {
    expect(fitOf(parseBudget(budget), totalCost(offer, question))).toEqual({
      replicas,
      atMost: false,
    })
  })

  test('where the disk is not counted, fewer may fit', () => {
    const elsewhere = anOffer({ backend: 'azure', region: 'eastus', priceNanoUsd: 400_000_000 })
    expect(fitOf(parseBudget('900/month'), totalCost(elsewhere, question))).toEqual({
      replicas: 3,
      atMost: true,
    })
  })

  test('an unknown price fits nowhere', () => {
    const unknown = anOffer({ priceNanoUsd: null })
    expect(fitOf(parseBudget('900/month'), totalCost(unknown, question))).toBeNull()
  })
})

test('so many fit, and not one more; nothing above the dearest hour does', () => {
  const random = seeded(11)
  let fitting = 0
  for (let round = 0; round < 5000; round++) {
    const budget = parseBudget(`${random.int(1, 3000)}/${random.pick(['h', 'day', 'month'])}`)
    const offer = anyOffer(random)
    const total = totalCost(offer, anyQuestion(random))
    const fit = fitOf(budget, total)
    if (fit === null || total.replica === null) continue
    const each = {
      hour: total.replica.hour,
      day: total.replica.hour * 24n,
      month: total.replica.month,
    }[budget.per]
    expect(each * BigInt(fit.replicas) <= BigInt(budget.nanoUsd)).toBe(true)
    expect(each * BigInt(fit.replicas + 1) > BigInt(budget.nanoUsd)).toBe(true)
    if (fit.replicas > 0) fitting++
    const tooDear = (offer.priceNanoUsd ?? 0) > dearestHour(budget)
    expect(tooDear && fit.replicas > 0).toBe(false)
  }
  expect(fitting).toBeGreaterThan(1000)
})

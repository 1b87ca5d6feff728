import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Offer } from '#domain/offer'
import { differencesSince } from '#history/differences'
import { withHistory } from '#history/open'
import { parseSince } from '#history/moment'
import { priceSeries, recordedIds } from '#history/series'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../builders.ts'
import { type Journal, newJournal } from './journal.ts'

let journal: Journal
beforeEach(() => {
  journal = newJournal()
})
afterEach(() => journal.end())

const offer = (name: string, usd: number | null, over: Partial<Offer> = {}): Offer =>
  anOffer({
    instanceType: anInstanceType({ name }),
    priceNanoUsd: usd === null ? null : usd * 1_000_000_000,
    ...over,
  })

const at = (instant: string): number => Date.parse(instant) / 1000

const differences = (since: string, over = {}): readonly string[] =>
  withHistory(journal.places, (database) =>
    differencesSince(database, at(since), someRequirements(over)).differences.map(
      ({ kind, offer, beforeNanoUsd, afterNanoUsd }) =>
        `${kind} ${offer.instanceType.name} ${(beforeNanoUsd ?? 0) / 1e9} ${(afterNanoUsd ?? 0) / 1e9}`,
    ),
  )

beforeEach(() => {
  journal.put('2026-11-01T10:00:00Z', [
    offer('a', 1),
    offer('b', 2),
    offer('c', 3),
    offer('d', null),
    offer('e', 5),
    offer('same', 6),
  ])
  journal.put('2026-11-10T10:00:00Z', [
    offer('a', 4),
    offer('b', 1),
    offer('d', 4),
    offer('e', null),
    offer('new', 1),
    offer('same', 6, { stock: 'high' }),
  ])
})

test('of each kind, in the order of kinds; stock alone is no difference', () => {
  expect(differences('2026-11-05T00:00:00Z')).toEqual([
    'cheaper b 2 1',
    'dearer a 1 4',
    'added new 0 1',
    'gone c 3 0',
    'priced d 0 4',
    'unpriced e 5 0',
  ])
})

test('it changed when its price did, whatever its stock did since', () => {
  const since = at('2026-11-05T00:00:00Z')
  journal.put('2026-11-12T10:00:00Z', [offer('b', 1, { stock: 'low' })])
  journal.put('2026-11-13T10:00:00Z', [offer('b', 1, { stock: 'high' })])
  withHistory(journal.places, (database) => {
    const found = differencesSince(database, since, someRequirements()).differences
    const changedAt = new Map(found.map((one) => [one.offer.instanceType.name, one.changedAt]))
    expect([changedAt.get('b'), changedAt.get('a')]).toEqual([
      '2026-11-10T10:00:00Z',
      '2026-11-12T10:00:00Z',
    ])
  })
})

test('what went and came back at the same price is no difference', () => {
  journal.put('2026-11-12T10:00:00Z', [offer('b', 2), offer('c', 3)])
  expect(differences('2026-11-05T00:00:00Z').filter((one) => / [bc] /.test(one))).toEqual([])
})

test('an offer that only now meets the greatest price is told', () => {
  expect(differences('2026-11-05T00:00:00Z', { maxPriceNanoUsd: 1_000_000_000 })).toEqual([
    'cheaper b 2 1',
    'dearer a 1 4',
    'added new 0 1',
  ])
})

test('requirements narrow it', () => {
  expect(differences('2026-11-05T00:00:00Z', { instanceTypes: ['A', 'c'] })).toEqual([
    'dearer a 1 4',
    'gone c 3 0',
  ])
})

test('a backend recorded later is compared from its first record on, and named', () => {
  withHistory(journal.places, (database) => {
    const found = differencesSince(database, at('2026-10-01T00:00:00Z'), someRequirements())
    expect(found.differences).toHaveLength(6)
    expect(found.later).toEqual([{ backend: 'aws', since: '2026-11-01T10:00:00Z' }])
  })
})

test('a series has every price of an offer, also after it is gone', () => {
  withHistory(journal.places, (database) => {
    const asked = { requirements: someRequirements(), offerId: null, limit: 0 }
    const { series, matched } = priceSeries(database, asked)
    expect([matched, series.length]).toEqual([7, 7])
    // The cheapest first; unknown prices after known ones; what is gone last.
    const names = series.map(({ offer }) => offer.instanceType.name)
    expect(names).toEqual(['b', 'new', 'a', 'd', 'same', 'e', 'c'])
    expect(series.at(-1)?.points).toEqual([
      { at: '2026-11-01T10:00:00Z', priceNanoUsd: 3e9, stock: 'unknown', gone: false },
      { at: '2026-11-10T10:00:00Z', priceNanoUsd: null, stock: null, gone: true },
    ])
    const limited = priceSeries(database, { ...asked, limit: 2 })
    expect([limited.matched, limited.series.length]).toEqual([7, 2])
    expect(recordedIds(database)).toHaveLength(7)
  })
})

test('a machine that changes keeps its offers, and is found as it is', () => {
  const gpu = { instanceType: anInstanceType({ name: 'a', gpu: aGpu(), gpuCount: 1 }) }
  journal.put('2026-11-12T10:00:00Z', [offer('a', 4, gpu)])
  withHistory(journal.places, (database) => {
    const id = 'aws/us-east-1/a/on-demand'
    const asked = { requirements: someRequirements(), offerId: id, limit: 0 }
    const [series] = priceSeries(database, asked).series
    expect([series?.points.length, series?.offer.instanceType.gpuCount]).toEqual([2, 1])
  })
})

test.each([
  ['7d', '2026-11-17T12:00:00Z'],
  ['90m', '2026-11-24T10:30:00Z'],
  ['2w', '2026-11-10T12:00:00Z'],
  ['2026-11-01', '2026-11-01T00:00:00Z'],
])('since %s is since %s', (text, instant) => {
  expect(parseSince(text, Date.parse('2026-11-24T12:00:00Z'), '--since')).toBe(at(instant))
})

test.each(['', '7', '-7d', '7 d', '1y', '2026-02-30', '2026-11-25'])(
  'since "%s" is refused',
  (text) => {
    expect(() => parseSince(text, Date.parse('2026-11-24T12:00:00Z'), '--since')).toThrow(/--since/)
  },
)

import { describe, expect, test } from 'vitest'
import { hostBounds, listBounds, marketBounds } from '#refresh/bounds'
import { changesOf, sameOffers } from '#refresh/changes'
import { redact } from '#platform/redact'
import { doubts } from '#refresh/sanity'
import { openCatalog } from '#offers/catalog'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../builders.ts'

const offers = (count: number, priceNanoUsd = 100_000_000) =>
  Array.from({ length: count }, (_, index) => anOffer({ region: `r${index}`, priceNanoUsd }))

const candidate = (before: ReturnType<typeof offers>, after: ReturnType<typeof offers>) => ({
  before,
  after,
  rows: after.length,
  malformed: 0,
  embedded: [],
})

test('every backend of the embedded catalog is believed', () => {
  const catalog = openCatalog({ environment: { DSTACK_OFFERS_HOME: '/nonexistent' } })
  for (const backend of catalog.backends()) {
    const after = catalog.first(someRequirements({ backends: [backend] }), 0)
    expect(
      doubts({ before: [], after, rows: after.length, malformed: 0, embedded: [] }, listBounds),
      backend,
    ).toEqual([])
  }
  catalog.close()
})

test.each([
  [250, []],
  [249, ['249 offers, where 1000 come with the program']],
])(
  'of 1000 that come with the program, %i prove or do not prove a list whole',
  (count, expected) => {
    const first = { ...candidate([], offers(count)), embedded: offers(1000) }
    expect(doubts(first, listBounds)).toEqual(expected)
  },
)

describe('against what was held', () => {
  test.each([
    ['a fifth gone is believed', 100, 80, 1, []],
    ['more is not', 100, 79, 1, ['21 % of the offers held are gone']],
    ['few offers prove nothing', 9, 1, 1, []],
    [
      'half as dear again is believed, were not all moved',
      100,
      100,
      1.5,
      ['100 % of the prices held have moved'],
    ],
  ])('%s', (_what, held, left, factor, expected) => {
    const before = offers(held)
    const after = offers(left, 100_000_000 * factor)
    expect(doubts(candidate(before, after), listBounds)).toEqual(expected)
  })

  test.each([
    ['cents for dollars', 1_000_000, '0.001'],
    ['a month for an hour', 73_000_000_000, '73'],
  ])('one price among many, %s, is not believed', (_what, priceNanoUsd, printed) => {
    const before = offers(1000)
    const after = [...offers(999), anOffer({ region: 'r999', priceNanoUsd })]
    const why = [`offer "${after.at(-1)?.id ?? ''}" costs ${printed}, and cost 0.1 before`]
    expect(doubts(candidate(before, after), listBounds)).toEqual(why)
    // Nor where only those that come with the program are known.
    expect(doubts({ ...candidate([], after), embedded: before }, listBounds)).toEqual(why)
    // On a market single hosts ask what they like; where many do, it is no longer believed.
    expect(doubts(candidate(before, after), marketBounds)).toEqual([])
    const odd = after.map((offer, at) => (at < 30 ? { ...offer, priceNanoUsd } : offer))
    expect(doubts(candidate(before, odd), marketBounds).at(-1)).toBe('and 28 more like these')
    expect(doubts(candidate(before, odd), hostBounds)).toEqual([])
  })

  test('a spot price may fall to a twentieth, and rise from it', () => {
    const after = [...offers(999), anOffer({ region: 'r999', priceNanoUsd: 5_000_000 })]
    expect(doubts(candidate(offers(1000), after), listBounds)).toEqual([])
    expect(doubts(candidate(after, offers(1000)), listBounds)).toEqual([])
  })

  test.each([
    ['cents for dollars', 0.01, '0.01'],
    ['a month for an hour', 730, '730.00'],
    ['eight for one', 8, '8.00'],
  ])('of a small backend, %s is not', (_what, factor, shift) => {
    const why = [`prices are ${shift} times those held, by the median`]
    for (const bounds of [listBounds, marketBounds]) {
      for (const held of [1, 2, 9]) {
        const after = offers(held, 100_000_000 * factor)
        expect(doubts(candidate(offers(held), after), bounds)).toEqual(why)
      }
    }
  })

  test('of a small backend, another price is believed', () => {
    for (const price of [40_000_000, 250_000_000]) {
      expect(doubts(candidate(offers(3), offers(3, price)), listBounds)).toEqual([])
    }
    expect(doubts(candidate(offers(3, 0), offers(3, 9e9)), hostBounds)).toEqual([])
  })

  test('a market may move every price, but not by a factor', () => {
    const before = offers(100)
    expect(doubts(candidate(before, offers(30, 190_000_000)), marketBounds)).toEqual([])
    expect(doubts(candidate(before, offers(30, 210_000_000)), marketBounds)).toEqual([
      'prices are 2.10 times those held, by the median',
    ])
    expect(doubts(candidate(before, offers(30, 45_000_000)), marketBounds)).toEqual([
      'prices are 0.45 times those held, by the median',
    ])
  })
})

test('one accelerator too cheap or too dear spoils a list, and a share of a market', () => {
  const gpu = anInstanceType({ name: 'g', gpu: aGpu(), cpus: 8, memoryMib: 65536 })
  const bad = anOffer({ instanceType: gpu, priceNanoUsd: 1_000_000 })
  const after = [...offers(99), bad]
  expect(doubts(candidate([], after), listBounds)).toEqual([
    `offer "${bad.id}" costs 0.001 USD per GPU-hour`,
  ])
  expect(doubts(candidate([], after), marketBounds)).toEqual([])
})

test('changes are counted, and stock is one', () => {
  const before = offers(3)
  const after = [...offers(2, 1), anOffer({ region: 'new' })]
  expect(changesOf(before, after)).toEqual({ added: 1, removed: 1, priced: 2 })
  expect(sameOffers(before, offers(3))).toBe(true)
  expect(
    sameOffers(
      before,
      before.map((offer) => ({ ...offer, stock: 'none' as const })),
    ),
  ).toBe(false)
})

test('secrets are starred out', () => {
  expect(redact('the key canary failed: canary', ['canary', ''])).toBe('the key *** failed: ***')
})

/** What a search asks of the file, statement by statement. */
import { expect, test } from 'vitest'
import { outOfStock } from '#catalog/tables'
import { firstOffers } from '#offers/first-offers'
import type { VariantRow } from '#query/rows'
import { aCell, type Answers, type Asked, requestFor, someBounds, walkOver } from './walk.ts'

const large = { offers: 5000 }

const ask = (
  answers: Answers,
  cells: readonly Parameters<typeof aCell>[],
  limit: number,
  priceMax = 10_000,
): readonly Asked[] => {
  const { run, asked } = walkOver(answers)
  const made = cells.map(([id, over]) => aCell(id, over))
  firstOffers(run, requestFor(made, someBounds({ priceMax })), limit)
  return asked
}

const variant = (id: number, min: number, max = min, offers = 1): VariantRow => [
  id,
  min,
  max,
  offers,
]

/** The bound that the first cell's variants give, seen in what is asked of the next. */
const boundAfter = (variants: readonly VariantRow[], limit: number, priceMax?: number): number => {
  const asked = ask(
    { variants: { 1: variants } },
    [
      [1, large],
      [2, large],
    ],
    limit,
    priceMax,
  )
  return asked[1]?.cells[0]?.[1] ?? NaN
}

test('the bound: of a variant one offer stands at the minimum, the others at the maximum', () => {
  expect(boundAfter([variant(1, 10, 30, 3), variant(2, 20)], 3)).toBe(30)
  expect(boundAfter([variant(1, 10, 30, 3), variant(2, 20)], 2)).toBe(20)
  expect(boundAfter([variant(1, 10, 30, 3), variant(2, 20)], 4)).toBe(30)
  expect(boundAfter([variant(1, 21, 25, 9), variant(2, 22)], 3)).toBe(25)
  // Two at 10 and 20; the third is at 20 as well, though its variant's other offers are dearer.
  expect(boundAfter([variant(1, 10), variant(2, 20, 90, 4), variant(3, 20, 91, 2)], 3)).toBe(20)
  // Fewer than asked for: no bound but the price limit.
  expect(boundAfter([variant(1, 10, 30, 3), variant(2, 20)], 5)).toBe(10_000)
})

test('an offer above the price limit makes no bound', () => {
  expect(boundAfter([variant(1, 10, 30, 2), variant(2, 20)], 3, 30)).toBe(30)
  expect(boundAfter([variant(1, 10, 30, 2), variant(2, 20), variant(3, 25)], 3, 29)).toBe(25)
  const away = outOfStock
  const variants = { 1: [variant(1, away + 10, away + 30, 3), variant(2, away + 40)] }
  const cell = { ...large, outOfStock: true, standing: { min: away + 10, max: away + 90 } }
  const next = { ...cell, standing: { min: away + 11, max: away + 90 } }
  const asked = ask(
    { variants },
    [
      [1, cell],
      [2, next],
    ],
    3,
    30,
  )
  expect(asked[1]?.cells[0]?.[1]).toBe(away + 30)
})

test('a large cell is asked alone until there is a bound, then several, in growing waves', () => {
  const cells = Array.from({ length: 30 }, (_, index) => [index + 1, large] as const)
  const made: Parameters<typeof aCell>[] = cells.map(([id, over]) => [
    id,
    { ...over, standing: { min: 1, max: 1 } },
  ])
  const asked = ask({ variants: { 2: [variant(7, 9), variant(8, 5)] } }, made, 2)
  expect(
    asked.map(({ statement, cells: { length }, limit }) => [statement, length, limit]),
  ).toEqual([
    ['variants', 1, 2],
    ['variants', 1, 2],
    ['variants of cells', 4, 2],
    ['variants of cells', 16, 2],
    ['variants of cells', 8, 2],
    ['offers of variants', 2, 2],
  ])
  expect(asked[2]?.cells[0]).toEqual([3, 9])
  // The cheaper first.
  expect(asked.at(-1)?.cells).toEqual([
    [8, 9],
    [7, 9],
  ])
})

test('small cells are asked together from the start', () => {
  const asked = ask({}, [[1], [2], [3], [4]], 2)
  expect(asked.map(({ statement, cells }) => [statement, cells])).toEqual([
    [
      'variants of cells',
      [
        [1, 10_000],
        [2, 10_000],
      ],
    ],
    [
      'variants of cells',
      [
        [3, 10_000],
        [4, 10_000],
      ],
    ],
  ])
})

test('a cell that starts above the bound ends the walk; one that starts at it does not', () => {
  const variants = { 1: [variant(1, 20)] }
  const statements = ask(
    { variants },
    [
      [1, large],
      [2, large],
      [3, large],
    ],
    1,
  )
  expect(statements.map(({ cells }) => cells)).toEqual([[[1, 10_000]], [[2, 20]], [[1, 20]]])
})

test('of variants, the first by standing and id are kept, and those above the bound dropped', () => {
  const variants = {
    1: [variant(5, 10, 99), variant(30, 12), variant(90, 12, 98), variant(7, 12)],
    2: [variant(4, 11, 97), variant(20, 12)],
  }
  const cells: Parameters<typeof aCell>[] = [
    [1, large],
    [2, { ...large, standing: { min: 11, max: 99 } }],
  ]
  expect(
    ask({ variants }, cells, 4)
      .at(-1)
      ?.cells.map(([id]) => id),
  ).toEqual([5, 4, 7, 20])
  expect(
    ask({ variants }, cells, 2)
      .at(-1)
      ?.cells.map(([id]) => id),
  ).toEqual([5, 4])
  const wide = { 1: [variant(5, 10, 13, 4), variant(3, 14, 90, 2)] }
  expect(ask({ variants: wide }, [[1, large]], 4).at(-1)?.cells).toEqual([[5, 13]])
})

test('without a limit all variants are read, and all their offers', () => {
  const variants = { 1: [variant(1, 10, 99, 3)], 2: [variant(2, 20)], 3: [variant(3, 9000)] }
  const asked = ask(
    { variants },
    [
      [1, large],
      [2, large],
      [3, large],
    ],
    0,
  )
  expect(asked.at(-1)).toEqual({
    statement: 'offers of variants',
    cells: [1, 2, 3].map((id) => [id, Number.MAX_SAFE_INTEGER]),
    limit: -1,
  })
  expect(asked.every(({ limit }) => limit === -1)).toBe(true)
})

/** What a search in regions asks of the file, statement by statement. */
import { expect, test } from 'vitest'
import { firstInRegions } from '#offers/first-in-regions'
import type { OfferRow } from '#query/rows'
import { aCell, type Answers, type Asked, requestFor, someBounds, walkOver } from './walk.ts'

const large = { offers: 5000 }

const offer = (id: number, standing: number): OfferRow => [id, standing, 0, 1, 'r']

const ask = (
  answers: Answers,
  cells: readonly Parameters<typeof aCell>[],
  limit: number,
  regionIds: readonly number[] = [1],
): { readonly asked: readonly Asked[]; readonly found: readonly number[] } => {
  const { run, asked } = walkOver(answers)
  const made = cells.map(([id, over]) => aCell(id, over))
  const found = firstInRegions(run, requestFor(made, someBounds({ regionIds })), limit)
  return { asked, found: found.map(([id]) => id) }
}

const asks = (asked: readonly Asked[]): readonly (readonly unknown[])[] =>
  asked.map(({ statement, cells, limit }) => [statement, cells, limit])

test('standings of the cheapest cells give a bound; up to it, offers are read', () => {
  const offers = { 1: [offer(1, 12), offer(2, 15), offer(3, 40)], 2: [offer(4, 30), offer(5, 21)] }
  const { asked, found } = ask(
    { offers },
    [
      [1, large],
      [2, large],
      [3, large],
    ],
    2,
  )
  expect(found).toEqual([1, 2])
  expect(asks(asked)).toEqual([
    ['few standings', [[1, 10_000]], 4],
    ['few offers', [[1, 15]], 2],
  ])
})

test('cells are asked until so many are known', () => {
  const offers = { 1: [offer(1, 12)], 2: [offer(4, 30), offer(5, 21)], 3: [offer(6, 30)] }
  const { asked, found } = ask(
    { offers },
    [
      [1, large],
      [2, large],
      [3, large],
      [4, large],
    ],
    3,
  )
  expect(found).toEqual([1, 5, 4])
  expect(asks(asked)).toEqual([
    ['few standings', [[1, 10_000]], 6],
    ['few standings', [[2, 10_000]], 6],
    [
      'few offers',
      [
        [1, 30],
        [2, 30],
      ],
      3,
    ],
    ['few offers', [[3, 30]], 3],
  ])
})

test('waves grow, and each lowers the bound for the next', () => {
  const cells = Array.from({ length: 9 }, (_, index): Parameters<typeof aCell> => [
    index + 1,
    { ...large, standing: { min: 1, max: 1 } },
  ])
  const offers = { 1: [offer(1, 90)], 3: [offer(2, 50)] }
  const { asked, found } = ask({ offers }, cells, 1)
  expect(found).toEqual([2])
  expect(asked.slice(1).map(({ cells: asking }) => [asking.length, asking[0]?.[1]])).toEqual([
    [2, 90],
    [4, 90],
    [3, 50],
  ])
})

test('small cells are asked together, offers and all', () => {
  const offers = { 1: [offer(1, 12)], 2: [offer(2, 25)] }
  const { asked, found } = ask({ offers }, [[1], [2], [3]], 2)
  expect(found).toEqual([1, 2])
  expect(asks(asked)).toEqual([
    [
      'few offers',
      [
        [1, 10_000],
        [2, 10_000],
      ],
      4,
    ],
    [
      'few offers',
      [
        [1, 25],
        [2, 25],
      ],
      2,
    ],
  ])
})

test('fewer than asked for: everything is read at once', () => {
  const offers = { 1: [offer(1, 12)], 3: [offer(2, 90)] }
  const { asked, found } = ask(
    { offers },
    [
      [1, large],
      [2, large],
      [3, large],
    ],
    5,
  )
  expect(found).toEqual([1, 2])
  expect(asked.at(-1)?.cells).toHaveLength(3)
  expect(asked).toHaveLength(4)
})

test('without a limit no bound is looked for', () => {
  const offers = { 1: [offer(1, 12)], 2: [offer(2, 90)] }
  const { asked, found } = ask(
    { offers },
    [
      [1, large],
      [2, large],
    ],
    0,
  )
  expect(found).toEqual([1, 2])
  expect(asks(asked)).toEqual([
    [
      'few offers',
      [
        [1, 10_000],
        [2, 10_000],
      ],
      -1,
    ],
  ])
})

test('many regions are read in another way', () => {
  const offers = { 1: [offer(1, 12)] }
  const regions = [1, 2, 3, 4, 5, 6]
  expect(ask({ offers }, [[1]], 1, regions).asked[0]?.statement).toBe('few standings')
  expect(ask({ offers }, [[1]], 1, [...regions, 7]).asked[0]?.statement).toBe('many standings')
})

import { expect, test } from 'vitest'
import { cellPresence, regionCells } from '#offers/region-cells'

/** Cells 10, 20 and 30, in this order. */
const places = new Map([
  [10, 0],
  [20, 1],
  [30, 2],
])

test('the least standing and all offers of each cell, in all the regions together', () => {
  const first = regionCells(
    [
      [10, 0, 500, 2],
      [30, 0, 700, 1],
    ],
    places,
  )
  const second = regionCells(
    [
      [10, 0, 400, 3],
      [10, 2, 450, 4],
    ],
    places,
  )
  const found = cellPresence(3, [first, second], 2 ** 0 + 2 ** 2)
  expect([...found.least]).toEqual([400, Infinity, 700])
  expect([...found.offers]).toEqual([9, 0, 1])
  expect(found.backendMask).toBe(5)
})

test('of the wanted backends alone, and those that sell there', () => {
  const region = regionCells(
    [
      [10, 0, 500, 2],
      [20, 40, 100, 3],
    ],
    places,
  )
  const found = cellPresence(3, [region], 2 ** 40 + 2 ** 51)
  expect([...found.least]).toEqual([Infinity, 100, Infinity])
  expect([...found.offers]).toEqual([0, 3, 0])
  expect(found.backendMask).toBe(2 ** 40)
  expect(cellPresence(3, [], 1).backendMask).toBe(0)
})

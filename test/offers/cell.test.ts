import { describe, expect, test } from 'vitest'
import { type SearchBounds, toBounds } from '#query/bounds'
import { lower } from '#query/lower'
import type { Requirements } from '#domain/requirements'
import { boxAdmitsAll, boxOverlaps, type Cell, toCell } from '#offers/cell'
import { someRequirements } from '../builders.ts'

const cell: Cell = {
  id: 9,
  spot: 1,
  outOfStock: false,
  gpuId: 3,
  gpuCount: { min: 2, max: 3 },
  cpuMilli: { min: 4000, max: 8000 },
  memoryMib: { min: 1000, max: 2000 },
  freeDisk: false,
  diskMib: { min: 50, max: 60 },
  backendMask: 2 ** 30 + 2,
  standing: { min: 10, max: 20 },
  offers: 7,
}

const noDisk = { min: Infinity, max: -Infinity }

const boundsOf = (over: Partial<Requirements>): SearchBounds => {
  const bounds = toBounds(lower(someRequirements(over)), {
    gpus: new Map(),
    backends: new Map([
      ['aws', 0],
      ['azure', 1],
      ['ovh', 30],
      ['local', 31],
    ]),
    regionIds: () => [],
  })
  if (bounds === null) throw new Error('nothing can match')
  return bounds
}

test('toCell reads the columns in their order', () => {
  const row = [9, 1, 0, 3, 2, 3, 4000, 8000, 1000, 2000, 0, 50, 60, 2 ** 30 + 2, 10, 20, 7] as const
  expect(toCell(row)).toEqual(cell)
  const [a, b, , c, d, e, f, g, h, i] = row
  expect(toCell([a, b, 1, c, d, e, f, g, h, i, 1, null, null, 1, 1, 1, 1])).toMatchObject({
    outOfStock: true,
    freeDisk: true,
    diskMib: noDisk,
  })
})

/** Requirements, whether some of the cell may match, and whether all of it does. */
const cases: readonly [Partial<Requirements>, boolean, boolean][] = [
  [{}, true, true],
  [{ spot: true }, true, true],
  [{ spot: false }, false, false],
  [{ cpu: { min: 4, max: 8 } }, true, true],
  [{ cpu: { min: 4.5, max: null } }, true, false],
  [{ cpu: { min: 8, max: null } }, true, false],
  [{ cpu: { min: 8.5, max: null } }, false, false],
  [{ cpu: { min: null, max: 4 } }, true, false],
  [{ cpu: { min: null, max: 3.5 } }, false, false],
  [{ memoryMib: { min: 1000, max: 2000 } }, true, true],
  [{ memoryMib: { min: 1001, max: null } }, true, false],
  [{ memoryMib: { min: null, max: 1999 } }, true, false],
  [{ memoryMib: { min: 2001, max: null } }, false, false],
  [{ memoryMib: { min: null, max: 999 } }, false, false],
  [{ diskMib: { min: 50, max: 60 } }, true, true],
  [{ diskMib: { min: 51, max: null } }, true, false],
  [{ diskMib: { min: null, max: 59 } }, true, false],
  [{ diskMib: { min: 61, max: null } }, false, false],
  [{ diskMib: { min: null, max: 49 } }, false, false],
  [{ backends: ['azure', 'ovh'] }, true, true],
  [{ backends: ['azure', 'ovh', 'aws', 'local'] }, true, true],
  [{ backends: ['azure'] }, true, false],
  [{ backends: ['ovh'] }, true, false],
  [{ backends: ['aws'] }, false, false],
  [{ backends: ['local'] }, false, false],
]

describe('the box of a cell', () => {
  test.each(cases)('%j: may match %s, matches whole %s', (over, some, all) => {
    const bounds = boundsOf(over)
    const visit = { cap: 20, gpuCount: { min: 0, max: 99 } }
    expect(boxOverlaps(cell, bounds)).toBe(some)
    // What does not overlap is not asked whether it matches whole, but by its kind.
    expect(boxOverlaps(cell, bounds) && boxAdmitsAll(cell, bounds, visit)).toBe(all)
  })

  test('a disk of choice may meet any demand, and meets it whole where all are', () => {
    const bounds = boundsOf({ diskMib: { min: 61, max: null } })
    const visit = { cap: 20, gpuCount: { min: 0, max: 99 } }
    expect(boxOverlaps({ ...cell, freeDisk: true }, bounds)).toBe(true)
    expect(boxAdmitsAll({ ...cell, freeDisk: true }, bounds, visit)).toBe(false)
    expect(boxAdmitsAll({ ...cell, freeDisk: true, diskMib: noDisk }, bounds, visit)).toBe(true)
  })

  test.each([
    [20, 2, 3, true],
    [19, 2, 3, false],
    [21, 2, 3, true],
    [20, 3, 3, false],
    [20, 2, 2, false],
    [20, 0, 8, true],
  ])('up to %d, counts %d to %d: matches whole %s', (cap, min, max, all) => {
    expect(boxAdmitsAll(cell, boundsOf({}), { cap, gpuCount: { min, max } })).toBe(all)
  })
})

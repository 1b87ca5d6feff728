import { describe, expect, test } from 'vitest'
import { outOfStock } from '#catalog/tables'
import type { Requirements } from '#domain/requirements'
import type { Cell } from '#offers/cell'
import { madeTogether, nextVisits, type Visits, visitsInRegions, visitsOf } from '#offers/visits'
import { type SearchBounds, toBounds } from '#query/bounds'
import { lower } from '#query/lower'
import { aGpu, someRequirements } from '../builders.ts'
import { aCell as cell } from './walk.ts'

const boundsOf = (over: Partial<Requirements> = {}): SearchBounds => {
  const bounds = toBounds(lower(someRequirements(over)), {
    gpus: new Map([
      [0, null],
      [1, aGpu()],
    ]),
    backends: new Map([['aws', 0]]),
    regionIds: () => [1],
  })
  if (bounds === null) throw new Error('nothing can match')
  return bounds
}

const idsOf = (visits: Visits): readonly number[] => {
  const ids: number[] = []
  for (let visit = visits.at(0); visit; visit = visits.at(ids.length)) ids.push(visit.cell.id)
  return ids
}

const gpuCell = cell(4, { gpuId: 1, gpuCount: { min: 2, max: 4 } })

const gpu = (min: number | null, max: number | null): Partial<Requirements> => ({
  gpu: {
    names: null,
    count: { min, max },
    memoryMib: null,
    totalMemoryMib: null,
    computeCapability: null,
    vendors: ['nvidia'],
  },
})

describe('visitsOf', () => {
  test('keeps the order, and leaves out what cannot match', () => {
    const cells = [cell(1), cell(2, { cpuMilli: { min: 1, max: 1999 } }), cell(3)]
    expect(idsOf(visitsOf(cells, boundsOf({ cpu: { min: 2, max: null } })))).toEqual([1, 3])
  })

  test('a price limit leaves out what starts above it, in stock or not', () => {
    const away = cell(5, {
      outOfStock: true,
      standing: { min: outOfStock + 30, max: outOfStock + 30 },
    })
    const asked = (maxPriceNanoUsd: number): readonly number[] =>
      idsOf(visitsOf([cell(1), cell(3), away], boundsOf({ maxPriceNanoUsd })))
    expect(asked(9)).toEqual([])
    expect(asked(10)).toEqual([1])
    expect(asked(30)).toEqual([1, 3, 5])
  })

  test('tells the cap, the offers and the counts of accelerators', () => {
    const visits = visitsOf([gpuCell], boundsOf({ ...gpu(1, 3), maxPriceNanoUsd: 99 }))
    expect(visits.at(0)).toEqual({
      cell: gpuCell,
      least: 40,
      cap: 99,
      offers: 1000,
      gpuCount: { min: 1, max: 3 },
    })
    expect(visitsOf([cell(1)], boundsOf()).at(0)?.gpuCount).toEqual({
      min: 0,
      max: Number.MAX_SAFE_INTEGER,
    })
  })

  test.each<[number | null, number | null, readonly number[]]>([
    [1, 1, []],
    [1, 2, [4]],
    [4, 9, [4]],
    [5, 9, []],
    [0, 0, [1]],
    [0, 3, [1, 4]],
  ])('counts %s to %s admit %j', (min, max, ids) => {
    expect(idsOf(visitsOf([cell(1), gpuCell], boundsOf(gpu(min, max))))).toEqual(ids)
  })

  test('looks no further than it is asked', () => {
    const cells = [cell(1), cell(2), cell(3)]
    const far = new Proxy(cells, {
      get: (target, key) => {
        if (key === '2') throw new Error('looked too far')
        return Reflect.get(target, key) as unknown
      },
    })
    const visits = visitsOf(far, boundsOf())
    expect(visits.at(1)?.cell.id).toBe(2)
    expect(() => visits.at(2)).toThrow('looked too far')
  })
})

describe('visitsInRegions', () => {
  test('comes in the order of what is sold there, with its count', () => {
    const presence = {
      least: Float64Array.of(50, Infinity, 20),
      offers: Float64Array.of(3, 0, 4),
      backendMask: 1,
    }
    const visits = visitsInRegions([cell(1), cell(2), cell(3)], boundsOf(), presence)
    expect(idsOf(visits)).toEqual([3, 1])
    expect([visits.at(0)?.least, visits.at(0)?.offers]).toEqual([20, 4])
    const cheap = boundsOf({ maxPriceNanoUsd: 20 })
    expect(idsOf(visitsInRegions([cell(1), cell(2), cell(3)], cheap, presence))).toEqual([3])
    const spot = boundsOf({ spot: true })
    expect(idsOf(visitsInRegions([cell(1), cell(2), cell(3)], spot, presence))).toEqual([])
  })
})

describe('how many are visited at once', () => {
  const visits = visitsOf(
    [cell(1), cell(2), cell(3), cell(4, { offers: 9000 }), cell(5), cell(6)],
    boundsOf(),
  )
  const ids = (found: readonly { readonly cell: Cell }[]): readonly number[] =>
    found.map(({ cell: { id } }) => id)

  test('small cells together, a large one alone', () => {
    expect(ids(madeTogether(visits, 0))).toEqual([1, 2])
    expect(ids(madeTogether(visits, 2))).toEqual([3])
    expect(ids(madeTogether(visits, 3))).toEqual([4])
    expect(ids(madeTogether(visits, 4))).toEqual([5, 6])
    expect(ids(madeTogether(visits, 6))).toEqual([])
  })

  test('so many, as far as they start no higher than the bound', () => {
    expect(ids(nextVisits(visits, 1, 2, 1000))).toEqual([2, 3])
    expect(ids(nextVisits(visits, 1, 9, 30))).toEqual([2, 3])
    expect(ids(nextVisits(visits, 1, 9, 29))).toEqual([2])
    expect(ids(nextVisits(visits, 4, Infinity, Infinity))).toEqual([5, 6])
  })
})

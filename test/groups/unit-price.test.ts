import { expect, test } from 'vitest'
import { joinRanges, perGpuNanoUsd, perMemoryGb } from '#groups/unit-price'
import { aGpu } from '../builders.ts'
import { seeded } from '../random.ts'

test('a price is shared to the nearest nano-USD, halves up', () => {
  expect([10, 11, 12, 14].map((price) => perGpuNanoUsd(price, 4))).toEqual([3, 3, 3, 4])
  expect(perGpuNanoUsd(5, 3)).toBe(2)
  expect(perGpuNanoUsd(0, 8)).toBe(0)
})

test('sharing is exact and never falls as the price rises, up to the largest price', () => {
  const random = seeded(5)
  for (let index = 0; index < 20_000; index++) {
    const price = Math.floor(random.next() * 2 ** random.int(1, 50))
    const count = random.int(1, 16)
    const exact = (2n * BigInt(price) + BigInt(count)) / (2n * BigInt(count))
    expect(BigInt(perGpuNanoUsd(price, count))).toBe(exact)
    expect(perGpuNanoUsd(price + 1, count)).toBeGreaterThanOrEqual(perGpuNanoUsd(price, count))
  }
})

test('the price of a GB of memory', () => {
  const range = { min: 1_000_000_000, max: 2 ** 50 - 1 }
  expect(perMemoryGb(range, aGpu({ memoryMib: 40 * 1024 }))).toEqual({
    min: 25_000_000,
    max: Math.round((2 ** 50 - 1) / 40),
  })
  expect(perMemoryGb(range, null)).toBeNull()
  expect(perMemoryGb(range, aGpu({ memoryMib: 0 }))).toBeNull()
  expect(perMemoryGb(null, aGpu())).toBeNull()
})

test('ranges join; an unknown one adds nothing', () => {
  expect(joinRanges({ min: 2, max: 3 }, { min: 1, max: 9 })).toEqual({ min: 1, max: 9 })
  expect(joinRanges({ min: 2, max: 9 }, { min: 3, max: 4 })).toEqual({ min: 2, max: 9 })
  expect(joinRanges(null, { min: 1, max: 2 })).toEqual({ min: 1, max: 2 })
  expect(joinRanges({ min: 1, max: 2 }, null)).toEqual({ min: 1, max: 2 })
  expect(joinRanges(null, null)).toBeNull()
})

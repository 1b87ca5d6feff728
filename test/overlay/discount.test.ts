import { expect, test } from 'vitest'
import { discounter, printPercent } from '#overlay/discount'
import { seeded } from '../random.ts'

test('a discount is exact, rounded half up, and never to nothing', () => {
  expect(discounter(10_000_000)(1_006_000_000)).toBe(905_400_000)
  expect(discounter(12_500_000)(4)).toBe(4)
  expect(discounter(50_000_000)(5)).toBe(3)
  expect(discounter(50_000_000)(1)).toBe(1)
  expect(discounter(99_999_999)(1)).toBe(1)
  expect(discounter(33_333_333)(3_000_000_000)).toBe(2_000_000_010)
})

test('a discount equals the arithmetic of whole numbers of any size', () => {
  const random = seeded(7)
  const full = 100_000_000n
  let large = 0
  for (let index = 0; index < 20_000; index++) {
    const microPercent = random.chance(0.5)
      ? random.int(1, 99_999_999)
      : random.int(1, 199) * 500_000
    const price = random.int(1, 10 ** random.int(1, 15))
    const twice = 2n * BigInt(price) * (full - BigInt(microPercent))
    const exact = Number((twice + full) / (2n * full))
    if (price * (100_000_000 - microPercent) > Number.MAX_SAFE_INTEGER) large++
    expect(discounter(microPercent)(price), `${price} -${microPercent}`).toBe(Math.max(1, exact))
  }
  expect(large).toBeGreaterThan(2000)
})

test('percents print exactly', () => {
  expect([12_500_000, 7_000_000, 1, 99_999_999].map(printPercent)).toEqual([
    '12.5',
    '7',
    '0.000001',
    '99.999999',
  ])
})

import { expect, test } from 'vitest'
import { anOffer } from '../builders.ts'
import { outlierReason, withoutOutliers } from '../../scripts/embed/outliers.ts'

const priced = (region: string, usd: number, spot = false): ReturnType<typeof anOffer> =>
  anOffer({ region, spot, priceNanoUsd: usd * 1e9 })

const extractionOf = (offers: readonly ReturnType<typeof anOffer>[]) => ({
  offers,
  rowsRead: offers.length + 2,
  rejected: new Map([['zero price', 2]]),
})

test('a price far below the same machine elsewhere is rejected and counted', () => {
  const fair = [priced('a', 1), priced('b', 1.1), priced('c', 0.9), priced('d', 0.45)]
  const result = withoutOutliers(extractionOf([...fair, priced('e', 0.1)]))
  expect(result.offers).toEqual(fair)
  expect(Object.fromEntries(result.rejected)).toEqual({ 'zero price': 2, [outlierReason]: 1 })
  expect(result.rowsRead).toBe(7)
})

test('spot prices swing more, and few regions tell nothing', () => {
  const spot = ['a', 'b', 'c', 'd'].map((region) => priced(region, 1, true))
  const swinging = extractionOf([...spot, priced('e', 0.1, true)])
  const few = extractionOf([priced('a', 1), priced('b', 1), priced('e', 0.1)])
  expect(withoutOutliers(swinging)).toBe(swinging)
  expect(withoutOutliers(few)).toBe(few)
})

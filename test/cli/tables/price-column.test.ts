import { expect, test } from 'vitest'
import { printPrices } from '#cli/tables/price-column'

test('one number of decimals for the column', () => {
  expect(printPrices([1_006_000_000, 500_000_000])).toEqual(['1.006', '0.500'])
  expect(printPrices([5_200_000, 12_000_000_000])).toEqual(['0.0052', '12.0000'])
})

test('two decimals at least, four at most, rounded', () => {
  expect(printPrices([3_000_000_000])).toEqual(['3.00'])
  expect(printPrices([123_456_789])).toEqual(['0.1235'])
})

test('unknown is ?, and a price that rounds to nothing is never 0', () => {
  expect(printPrices([null, 20_000])).toEqual(['?', '<0.0001'])
  expect(printPrices([null])).toEqual(['?'])
})

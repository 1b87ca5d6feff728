import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseUsd, printUsd } from '#domain/price'

test.each([
  ['1.0060000000', 1_006_000_000],
  ['0.0052', 5_200_000],
  ['.5', 500_000_000],
  ['5.', 5_000_000_000],
  ['2e-7', 200],
  ['1.5E3', 1_500_000_000_000],
  ['-1', -1_000_000_000],
  ['0.0000000019', 1],
  ['0', 0],
])('%s is %d nano-USD', (text, nano) => {
  expect(parseUsd(text)).toBe(nano)
})

test.each(['', '.', 'abc', '1,5', '0x10', 'NaN', 'Infinity', '1e99', '1_000', '$1', '9007200'])(
  '%j is no price, or none that fits a safe integer',
  (text) => {
    expect(parseUsd(text)).toBeNull()
  },
)

test('printing and parsing are each other’s inverse', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (nano) => {
      expect(parseUsd(printUsd(nano))).toBe(nano)
    }),
  )
})

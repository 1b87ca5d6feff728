import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inUnits, overDecimal, printDecimal, readDecimal } from '#backends/kit/decimal'
import { nanoOf, nanoOfUsd } from '#backends/kit/figures'

/** A decimal as its digits and places, and as text. */
const decimals = fc
  .tuple(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.integer({ min: 0, max: 12 }))
  .map(([digits, places]) => ({ digits, places, text: printDecimal({ digits, places }) }))

test('a decimal that is read is the one that was printed', () => {
  fc.assert(
    fc.property(decimals, ({ digits, places, text }) => {
      const read = readDecimal(text)
      expect(read && read.digits * 10n ** BigInt(places)).toBe(
        digits * 10n ** BigInt(read?.places ?? 0),
      )
    }),
  )
})

test('an amount at a rate is within half a nano-dollar of the exact product', () => {
  fc.assert(
    fc.property(decimals, decimals, (amount, rate) => {
      const nano = nanoOf(amount.text, rate.text)
      const places = amount.places + rate.places
      const scaled = amount.digits * rate.digits * 10n ** 9n
      const unit = 10n ** BigInt(places)
      const nearest = (2n * scaled + unit) / (2n * unit)
      expect(nano === null).toBe(nearest === 0n || nearest > BigInt(Number.MAX_SAFE_INTEGER))
      const off = nano === null ? 0n : BigInt(nano) * unit - scaled
      expect((off < 0n ? -off : off) * 2n <= unit).toBe(true)
    }),
  )
})

test('at a rate of one, an amount of nine places is itself', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), (nano) => {
      const text = printDecimal({ digits: BigInt(nano), places: 9 })
      expect(nanoOf(text, '1')).toBe(nano)
      expect(nanoOf(text, '1')).toBe(nanoOfUsd(text))
      expect(nanoOf(`${nano}e-9`, '1.0')).toBe(nano)
    }),
  )
})

test('a dearer amount never costs less', () => {
  fc.assert(
    fc.property(decimals, decimals, decimals, (one, other, rate) => {
      const left = readDecimal(one.text)
      const right = readDecimal(other.text)
      if (left === null || right === null) throw new Error('no decimal')
      const isLess = inUnits(left, 12) < inUnits(right, 12)
      const [less, more] = isLess ? [one, other] : [other, one]
      const limit = Number.MAX_SAFE_INTEGER
      const cost = (text: string) => nanoOf(text, rate.text) ?? 0
      if (Number(more.text) * Number(rate.text) * 1e9 >= limit / 2) return
      expect(cost(less.text)).toBeLessThanOrEqual(cost(more.text))
    }),
  )
})

test('what floating point would get wrong comes out right', () => {
  expect(nanoOf('0.1', '1.1')).toBe(110_000_000)
  expect(nanoOf(0.3777, '1.0832')).toBe(409_124_640)
  expect(nanoOf('275000000e-8', '1.0832')).toBe(2_978_800_000)
  expect(nanoOf('0.0000000005', '1'), 'half a nano is one').toBe(1)
  expect(nanoOf('0.0000000004', '1'), 'less is none').toBe(null)
})

test.each([null, '', 'free', 'NaN', '-1', 0, '0.000', Infinity, '1e99', '1,5'])(
  'no price: %s',
  (amount) => {
    expect(nanoOf(amount, '1.25')).toBe(null)
  },
)

test('a quotient is cut off, never rounded up', () => {
  fc.assert(
    fc.property(decimals, decimals, (above, below) => {
      if (below.digits === 0n) return
      const { digits, places } = overDecimal(above, below, 10)
      expect(places).toBe(10)
      const product = digits * below.digits * 10n ** BigInt(above.places)
      const exact = above.digits * 10n ** BigInt(10 + below.places)
      expect(product <= exact).toBe(true)
      expect(exact - product < below.digits * 10n ** BigInt(above.places)).toBe(true)
    }),
  )
})

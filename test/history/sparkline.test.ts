import { describe, expect, test } from 'vitest'
import type { PricePoint } from '#history/series'
import { showsUnicode, sparkline } from '#history/sparkline'

const point = (day: number, usd: number | null, gone = false): PricePoint => ({
  at: `2026-11-${String(day).padStart(2, '0')}T00:00:00Z`,
  priceNanoUsd: usd === null ? null : usd * 1e9,
  stock: gone ? null : 'unknown',
  gone,
})

const nowMs = Date.parse('2026-11-11T00:00:00Z')
const draw = (points: readonly PricePoint[], unicode = true): string =>
  sparkline(points, { width: 10, nowMs, unicode })

describe('a sparkline', () => {
  test('has the lowest and the highest level, each for as long as it held', () => {
    expect(draw([point(1, 1), point(6, 8)])).toBe('▁▁▁▁██████')
    expect(draw([point(1, 8), point(9, 1)], false)).toBe('#######___')
  })

  test('a price that stays is a line in the middle', () => {
    expect(draw([point(1, 3)])).toBe('▄▄▄▄▄▄▄▄▄▄')
  })

  test('an unknown price is ?, an offer that is gone a blank', () => {
    expect(draw([point(1, 1), point(4, null), point(7, null, true), point(9, 1)])).toBe(
      '▄▄???  ▄▄▄',
    )
  })

  test('of this very moment, it is still a line', () => {
    expect(draw([point(11, 1)])).toBe('▄▄▄▄▄▄▄▄▄▄')
  })
})

test.each([
  [{}, true],
  [{ LANG: 'en_US.UTF-8' }, true],
  [{ LANG: 'C' }, false],
  [{ LC_ALL: 'C.utf8', LANG: 'C' }, true],
  [{ LANG: 'en_US.UTF-8', TERM: 'linux' }, false],
  [{ TERM: 'dumb' }, false],
])('%o shows signs beyond ASCII: %s', (environment, shows) => {
  expect(showsUnicode(environment)).toBe(shows)
})

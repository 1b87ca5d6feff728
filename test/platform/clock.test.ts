import { expect, test } from 'vitest'
import { parseInstant, readClock } from '#platform/clock'

test('SOURCE_DATE_EPOCH stands for the present', () => {
  expect(readClock({ SOURCE_DATE_EPOCH: '1768478400' })).toBe(1_768_478_400_000)
})

test.each([{}, { SOURCE_DATE_EPOCH: '' }, { SOURCE_DATE_EPOCH: 'now' }])(
  '%j leaves the clock',
  (environment) => {
    const before = Date.now()
    expect(readClock(environment)).toBeGreaterThanOrEqual(before)
  },
)

test('RFC 3339 and nothing else', () => {
  expect(parseInstant('2026-01-15T12:00:00Z')).toBe(1_768_478_400_000)
  expect(parseInstant('2026-01-15T13:00:00.000+01:00')).toBe(1_768_478_400_000)
  expect(parseInstant('2026-13-15T12:00:00Z')).toBeNull()
  expect(parseInstant('2026-01-15')).toBeNull()
})

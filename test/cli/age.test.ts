import { expect, test } from 'vitest'
import { ageMs, isStale, printAge, printAgeMarked } from '#cli/age'
import { noonMs } from './builders.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

test.each([
  [0, '0m'],
  [59 * 60_000, '59m'],
  [hourMs, '1h'],
  [dayMs, '24h'],
  [dayMs + 1, '1d'],
  [59 * dayMs, '59d'],
  [61 * dayMs, '2mo'],
  [128 * dayMs, '4mo'],
  [3 * 366 * dayMs, '3y'],
  [null, '?'],
])('%s ms is %s', (age, text) => {
  expect(printAge(age)).toBe(text)
})

test('only an age above 24 hours is stale, and an unknown one', () => {
  expect([dayMs, dayMs + 1, null].map(isStale)).toEqual([false, true, true])
  expect(printAgeMarked(12 * dayMs)).toBe('12d stale')
  expect(printAgeMarked(2 * hourMs)).toBe('2h')
})

test('an observation in the future is new; a text that is no instant has no age', () => {
  expect(ageMs('2026-01-15T10:00:00Z', noonMs)).toBe(2 * hourMs)
  expect(ageMs('2027-01-01T00:00:00Z', noonMs)).toBe(0)
  expect(ageMs('yesterday', noonMs)).toBeNull()
})

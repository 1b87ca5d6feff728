import { expect, test } from 'vitest'
import { nearest } from '#domain/spelling'

const gpus = ['H100', 'H200', 'A100', 'A10', 'A10G', 'L4', 'L40S', 'RTX4090']

test.each([
  ['H1OO', 'H100'],
  ['h100 ', 'H100'],
  ['RTX-4090', 'RTX4090'],
  ['RTX4009', 'RTX4090'],
  ['L40', 'L4'],
  ['A1OG', 'A10G'],
])('%s is nearest to %s', (text, expected) => {
  expect(nearest(text, gpus)).toBe(expected)
})

test.each(['', 'MI300X', 'completely-different'])('%j is near to nothing', (text) => {
  expect(nearest(text, gpus)).toBeNull()
})

test('a long text is no burden', () => {
  expect(nearest('x'.repeat(1_000_000), gpus)).toBeNull()
})

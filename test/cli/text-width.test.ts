import { expect, test } from 'vitest'
import { cutText, flowParts, padEnd, padStart, textWidth, visible } from '#cli/text-width'

test.each([
  ['plain', 5],
  ['8×A100', 6],
  ['東京', 4],
  ['e\u0301', 1],
  ['🚀', 2],
])('%s takes %i columns', (text, width) => {
  expect(textWidth(text)).toBe(width)
})

test('cuts to the width and says so', () => {
  expect(cutText('us-east-1', 9)).toBe('us-east-1')
  expect(cutText('southafricanorth', 9)).toBe('southafr…')
  expect(textWidth(cutText('東京東京', 4))).toBeLessThanOrEqual(4)
})

test('pads by columns, not by characters', () => {
  expect(padEnd('東京', 6)).toBe('東京  ')
  expect(padStart('7', 3)).toBe('  7')
})

test('shows what could steer a terminal', () => {
  expect(visible('a\u001b[31mb\tc\u202ed')).toBe('a�[31mb c�d')
})

test('breaks between parts only', () => {
  expect(flowParts(['one two', 'three', 'four'], { indent: 2, width: 16 })).toBe(
    'one two\n  three · four',
  )
  expect(flowParts(['one two', 'three'], { indent: 2, width: null })).toBe('one two · three')
  expect(flowParts(['longer than the width'], { indent: 0, width: 5 })).toBe(
    'longer than the width',
  )
})

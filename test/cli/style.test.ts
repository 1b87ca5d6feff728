import { expect, test } from 'vitest'
import { chooseStyle, colourStyle, plainStyle } from '#cli/style'

test.each([
  ['a terminal', 'auto', true, {}, true],
  ['a pipe', 'auto', false, {}, false],
  ['NO_COLOR', 'auto', true, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', 'auto', true, { NO_COLOR: '' }, true],
  ['TERM=dumb', 'auto', true, { TERM: 'dumb' }, false],
  ['FORCE_COLOR in a pipe', 'auto', false, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR=0', 'auto', true, { FORCE_COLOR: '0' }, false],
  ['FORCE_COLOR over NO_COLOR', 'auto', false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ['--color always over NO_COLOR', 'always', false, { NO_COLOR: '1' }, true],
  ['--color never over FORCE_COLOR', 'never', true, { FORCE_COLOR: '1' }, false],
] as const)('%s', (_, choice, isTTY, environment, coloured) => {
  expect(chooseStyle(choice, isTTY, environment)).toBe(coloured ? colourStyle : plainStyle)
})

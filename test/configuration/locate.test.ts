import { describe, expect, test } from 'vitest'
import { locate, positionOf, visiblePath } from '#configuration/locate'
import { readYaml } from '#platform/yaml'

const text = 'a: 1\nlist:\n  - x\n  - {k: "v"}\nempty:\nshort: 8GB..\n'

const rootOf = () => {
  const { root } = readYaml(text)
  if (!root) throw new Error('there is no root')
  return root
}

const found = (path: readonly (string | number)[], fault: Parameters<typeof locate>[2]): string => {
  const { start, end } = locate(rootOf(), path, fault)
  return text.slice(start, end)
}

describe('locate', () => {
  test('finds values, keys and items', () => {
    expect(found(['a'], 'value')).toBe('1')
    expect(found(['list', 0], 'value')).toBe('x')
    expect(found(['list', 1, 'k'], 'value')).toBe('"v"')
    expect(found(['list', 1, 'k'], 'unknown-key')).toBe('k')
  })

  test('shows the key of what is missing or empty', () => {
    expect(found(['empty'], 'value')).toBe('empty')
    expect(found(['list', 1, 'other'], 'missing-key')).toBe('{k: "v"}')
    expect(found(['other'], 'missing-key')).toBe('a')
  })

  test('stops at a shorthand', () => {
    expect(found(['short', 'min'], 'value')).toBe('8GB..')
    expect(visiblePath(rootOf(), ['short', 'min'])).toEqual(['short'])
    expect(visiblePath(rootOf(), ['other'])).toEqual(['other'])
  })
})

describe('positionOf', () => {
  test('counts characters from 1 and ends with the line', () => {
    expect(positionOf('a\n😀b: cd\r\nx', { start: 4, end: 99 })).toEqual({
      line: 2,
      column: 2,
      length: 5,
    })
  })

  test('is at least one character, also past the end', () => {
    expect(positionOf('a\n', { start: 9, end: 9 })).toEqual({ line: 2, column: 1, length: 1 })
    expect(positionOf('', { start: 0, end: 1 })).toEqual({ line: 1, column: 1, length: 1 })
  })
})

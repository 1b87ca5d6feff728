import type { Json } from '#domain/json'
import { expect, test } from 'vitest'
import { canonicalJson, canonicalText, jsonDigest } from '#plans/canonical-json'
import { type Random, seeded } from '../random.ts'

test.each<[Json, string]>([
  [{ b: 1, a: [true, null, 'x'] }, '{"a":[true,null,"x"],"b":1}'],
  [{ ä: 1, z: 2, Z: 3, '': 4 }, '{"":4,"Z":3,"z":2,"ä":1}'],
  // By UTF-16 code units, as RFC 8785 has it: the first half of a pair is below U+FB33.
  [{ '\ufb33': 1, '😀': 2 }, '{"😀":2,"\ufb33":1}'],
  [-0, '0'],
  [0.1, '0.1'],
  [1e-7, '0.0000001'],
  [-1.25e-10, '-0.000000000125'],
  [1e21, '1000000000000000000000'],
  [1.5e300, `15${'0'.repeat(299)}`],
  [219_955.2, '219955.2'],
  ['a\n"\u2028é\ud800', '"a\\n\\"\u2028é\\ud800"'],
  [[], '[]'],
  [{}, '{}'],
])('%j is %s', (value, text) => {
  expect(canonicalJson(value)).toBe(text)
})

test('the text of a file is indented, and ends', () => {
  expect(canonicalText({ b: [1, {}], a: { c: [] } })).toBe(
    '{\n  "a": {\n    "c": []\n  },\n  "b": [\n    1,\n    {}\n  ]\n}\n',
  )
})

test.each([Number.NaN, Infinity])('%d is no JSON', (value) => {
  expect(() => canonicalJson([value])).toThrow(TypeError)
})

test('the digest is of the text, whatever the order of keys', () => {
  expect(jsonDigest({ a: 1, b: 2 })).toBe(jsonDigest({ b: 2, a: 1 }))
  // printf '{"a":1}' | sha256sum
  expect(jsonDigest({ a: 1 })).toBe(
    '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862',
  )
})

const someNumber = (random: Random): number =>
  random.pick([1, -1]) * random.next() * 10 ** random.int(-320, 308)

const someJson = (random: Random, depth: number): Json => {
  if (depth === 0 || random.chance(0.3)) {
    return random.pick([null, true, 'é\t', random.int(-9, 9), someNumber(random)])
  }
  const items = Array.from({ length: random.int(0, 4) }, () => someJson(random, depth - 1))
  return random.chance(0.5)
    ? items
    : Object.fromEntries(items.map((item) => [random.pick(['a', 'B', 'é', '1', '10']), item]))
}

test('reading a text gives the value back, and has no exponent', () => {
  const random = seeded(8785)
  for (let index = 0; index < 3000; index++) {
    const value = someJson(random, 4)
    for (const text of [canonicalJson(value), canonicalText(value)]) {
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(text).not.toMatch(/\d[eE][+-]?\d/)
    }
  }
})

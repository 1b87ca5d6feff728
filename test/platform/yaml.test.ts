import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readYaml } from '#platform/yaml'
import { NumberAsWritten, valueOf, yamlLimits } from '#platform/yaml-tree'

const read = (text: string): unknown => {
  const { root, problems } = readYaml(text)
  expect(problems).toEqual([])
  if (!root) throw new Error('there is no root')
  return JSON.parse(JSON.stringify(valueOf(root)))
}

const complaint = (text: string): string =>
  readYaml(text)
    .problems.map((one) => one.message)
    .join()

describe('values', () => {
  test('are those of YAML 1.2', () => {
    expect(read('a: off\nb: yes\nc: true\nd: 80:59\ne: ~\nf: 0x10x')).toEqual({
      a: 'off',
      b: 'yes',
      c: true,
      d: '80:59',
      e: null,
      f: '0x10x',
    })
  })

  test('are those of YAML 1.2 also where a directive asks for 1.1', () => {
    expect(read('%YAML 1.1\n---\na: off\n')).toEqual({ a: 'off' })
  })

  test('keep the spelling of a number that says more than its value', () => {
    const { root } = readYaml('[3.10, 8.0, 010, 3.1, 42]')
    if (!root) throw new Error('there is no root')
    expect(valueOf(root)).toEqual([
      new NumberAsWritten(3.1, '3.10'),
      new NumberAsWritten(8, '8.0'),
      new NumberAsWritten(10, '010'),
      3.1,
      42,
    ])
  })

  test('follow aliases and merge keys; own keys come first', () => {
    expect(read('a: &a {x: 1, y: 2}\nb: {<<: *a, y: 3}\nc: {<<: [*a, {z: 4}]}')).toEqual({
      a: { x: 1, y: 2 },
      b: { y: 3, x: 1 },
      c: { x: 1, y: 2, z: 4 },
    })
  })

  test('may have any key without touching prototypes', () => {
    const { root } = readYaml('__proto__: {polluted: true}\nconstructor: 1')
    if (!root) throw new Error('there is no root')
    expect(Object.keys(valueOf(root) as object)).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('whatever JSON holds is read as JSON reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (json) => {
        const { root } = readYaml(json)
        // Duplicate keys, numbers in other spellings and lone surrogates are no part of this.
        const plain = JSON.stringify(JSON.parse(json))
        fc.pre(plain === json && !/\\u|"<<"/.test(json))
        expect(root && JSON.parse(JSON.stringify(valueOf(root), written))).toEqual(JSON.parse(json))
      }),
    )
  })
})

const written = (_: string, value: unknown): unknown =>
  value instanceof NumberAsWritten ? value.value : value

describe('problems', () => {
  test.each([
    ['a: 1\n---\nb: 2\n', 'the file holds more than one document'],
    ['a:\n\tb: 1\n', 'a tab is used for indentation'],
    ['a: 1\na: 2\n', 'key "a" is set twice'],
    ['a: \0', 'the text holds a NUL byte'],
    ['a: *b', 'alias "*b" names nothing before it'],
    ['? [a]\n: 1', 'a key must be a text'],
    ['<<: 1', '"<<" takes a mapping or a list of mappings'],
  ])('of %j', (text, message) => {
    expect(complaint(text)).toBe(message)
  })

  test('are one per line, at their place', () => {
    const { problems } = readYaml('a: @x\nb: @y\n')
    expect(problems.map(({ start }) => start)).toEqual([3, 9])
  })

  test('of a duplicate key do not hide the values', () => {
    const { root, problems } = readYaml('a: 1\nb: 2\na: 3\n')
    expect(problems).toMatchObject([{ start: 10, end: 11 }])
    expect(root && { ...(valueOf(root) as object) }).toEqual({ a: 1, b: 2 })
  })
})

const bomb = [
  'a: &a [1,1,1,1,1,1,1,1,1]',
  ...'bcdefghi'.split('').map((name, index) => {
    const aliases = Array.from({ length: 9 }, () => `*${'abcdefgh'[index]}`)
    return `${name}: &${name} [${aliases.join(',')}]`
  }),
].join('\n')

describe('hostile texts are refused, and soon', () => {
  test.each([
    ['brackets', '['.repeat(1_000_000), 'nested'],
    ['braces', '{a: '.repeat(250_000), 'nested'],
    ['dashes', '- '.repeat(500_000), 'nested'],
    ['colons', 'a: '.repeat(330_000), 'nested'],
    [
      'indentation',
      Array.from({ length: 1400 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'),
      'nested',
    ],
    ['an alias of itself', 'a: &a [*a]', 'nested'],
    ['a bomb of aliases', bomb, 'aliases repeat'],
    ['anchors', '&a '.repeat(340_000), 'tokens'],
    ['commas', `[${','.repeat(1_000_000)}]`, 'tokens'],
    ['quotes', '"x" '.repeat(250_000), 'tokens'],
    ['a long text', 'x'.repeat(yamlLimits.characters + 1), 'larger than 1 MiB'],
  ])(
    '%s',
    (_, text, message) => {
      const { root, problems } = readYaml(text)
      expect(root).toBeNull()
      expect(problems[0]?.message).toContain(message)
    },
    10_000,
  )

  test('64 levels are read, 65 are not', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(readYaml(nested(yamlLimits.depth)).problems).toEqual([])
    expect(complaint(nested(yamlLimits.depth + 2))).toContain('nested')
  })

  test('any text gives a tree or a problem inside of it', () => {
    const sign = fc.constantFrom(...'ab:- \n\t[]{}#&*!|>\'"%@,?<~0.'.split(''))
    fc.assert(
      fc.property(fc.string({ unit: sign, maxLength: 60 }), (text) => {
        const { root, problems } = readYaml(text)
        expect(root !== null || problems.length > 0).toBe(true)
        for (const { start, end } of problems) expect(start >= 0 && end >= start).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })
})

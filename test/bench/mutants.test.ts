import { expect, test } from 'vitest'
import { type Mutant, mutantsOf } from '../../scripts/mutation/mutants.ts'

const changes = (text: string): readonly string[] =>
  mutantsOf('a.ts', text).map(({ from, to }: Mutant) => `${from} => ${to}`)

test('comparisons shift and turn', () => {
  expect(changes('export const f = (a, b) => a < b')).toEqual(['< => <=', '< => >='])
  expect(changes('export const f = (a, b) => a === b')).toEqual(['=== => !=='])
})

test('each side of a conjunction is asked for', () => {
  expect(changes('export const f = (a, b) => a && b')).toEqual([
    '&& => ||',
    'a && b => a',
    'a && b => b',
  ])
})

test('types, imports and interfaces are left alone', () => {
  expect(changes("import { a } from './1.ts'\ninterface B { c: 1 | 2 }\ntype D = 3")).toEqual([])
})

test('the changed text differs in that place only', () => {
  const [first] = mutantsOf('a.ts', 'const a = 1\nconst b = 2\n')
  expect(first).toMatchObject({ line: 1, text: 'const a = 2\nconst b = 2\n' })
})

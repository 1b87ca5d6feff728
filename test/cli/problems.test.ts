import { expect, test } from 'vitest'
import { printConfigurationError, printKnownError } from '#cli/problems'
import { colourStyle, plainStyle } from '#cli/style'
import { textWidth } from '#cli/text-width'
import { ArgumentError, ConfigurationError } from '#domain/errors'

const text = 'type: service\nresources:\n\tgpu: 80G\r\nポート: "x"\nport: 8000'

const error = new ConfigurationError(
  'serve.dstack.yml',
  [
    {
      path: ['resources', 'gpu'],
      message: '"80G" is no size',
      hint: 'did you mean 80GB?',
      position: { line: 3, column: 7, length: 3 },
    },
    { path: ['ポート'], message: 'unknown key', position: { line: 4, column: 1, length: 3 } },
    { path: ['env', 2], message: 'no name' },
  ],
  text,
)

test('every problem has its place, a caret and a hint', () => {
  expect(printConfigurationError(error, { style: plainStyle, width: 80 })).toMatchInlineSnapshot(`
    "error: serve.dstack.yml: 3 problems
    serve.dstack.yml:3:7: resources.gpu: "80G" is no size
      3 |  gpu: 80G
        |       ^^^
      hint: did you mean 80GB?
    serve.dstack.yml:4:1: ポート: unknown key
      4 | ポート: "x"
        | ^^^^^^
    serve.dstack.yml: env[2]: no name
    "
  `)
})

test('a long line is shown around the caret', () => {
  const long = `key: ${'a'.repeat(500)}WRONG${'b'.repeat(500)}`
  const problem = { path: [], message: 'wrong', position: { line: 1, column: 506, length: 5 } }
  const printed = printConfigurationError(new ConfigurationError('f', [problem], long), {
    style: plainStyle,
    width: 60,
  })
  const [, , source, caret] = printed.split('\n')
  if (source === undefined || caret === undefined) throw new Error('no excerpt')
  expect(textWidth(source)).toBeLessThanOrEqual(60)
  expect(source.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('WRONG')
})

test('a position past the text is printed without an excerpt', () => {
  const problem = { path: [], message: 'wrong', position: { line: 9, column: 1, length: 1 } }
  const printed = printConfigurationError(new ConfigurationError('f', [problem], 'a'), {
    style: plainStyle,
    width: null,
  })
  expect(printed).toBe('error: f: 1 problem\nf:9:1: wrong\n')
})

test('escape sequences of a file do not reach the terminal', () => {
  const evil = new ConfigurationError(
    'f',
    [{ path: ['\u001b[2J'], message: '\u001b]0;x', position: { line: 1, column: 1, length: 4 } }],
    '\u001b[2J: 1',
  )
  expect(printConfigurationError(evil, { style: plainStyle, width: 80 })).not.toContain('\u001b')
})

test('other errors are one line and a hint', () => {
  const known = new ArgumentError('--gpu "A100:" has an empty part', { hint: 'such as A100:2' })
  expect(printKnownError(known, { style: plainStyle, width: 80 })).toBe(
    'error: --gpu "A100:" has an empty part\nhint: such as A100:2\n',
  )
  expect(printKnownError(known, { style: colourStyle, width: 80 })).toContain('\u001b[31merror:')
})

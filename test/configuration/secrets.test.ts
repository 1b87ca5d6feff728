import { expect, test } from 'vitest'
import { readConfiguration } from '#configuration/read'
import { ConfigurationError } from '#domain/errors'

const shown = (text: string): string => {
  try {
    readConfiguration(text, { file: 'x.dstack.yml' })
  } catch (error) {
    if (error instanceof ConfigurationError) {
      expect(error.text).toHaveLength(text.length)
      return JSON.stringify([error.text, error.message, error.problems])
    }
    throw error
  }
  throw new Error('the text is in order')
}

const broken = 'type: service\nport: 0\n'

test.each([
  ['an entry of a list', `${broken}env: [TOKEN=hunter2, 1B=x]\n`],
  ['an entry of a list, quoted', `${broken}env:\n  - "TOKEN=hunter2"\n`],
  ['an entry of a list with a bad name', `${broken}env:\n  - 1TOKEN=hunter2\n`],
  ['an entry that is there twice', `${broken}env: [TOKEN, TOKEN=hunter2]\n`],
  ['a value of a mapping', `${broken}env:\n  my-name: hunter2\n`],
  ['a block scalar', `${broken}env:\n  KEY: |\n    first\n    hunter2\n`],
  ['a bare text', `${broken}env: TOKEN=hunter2\n`],
  ['a password', `${broken}registry_auth: {username: me, password: hunter2, extra: 1}\n`],
  ['a misspelled password', `${broken}registry_auth:\n  username: me\n  passwrd: hunter2\n`],
  ['a key at the wrong place', `${broken}password: hunter2\n`],
  ['a text with no structure', `type: service\nenv:\n  - TOKEN=hunter2\n  port: [\n`],
  ['a password of broken text', `registry_auth: {password: hunter2\nport: ]\n`],
])('%s is starred out', (_, text) => {
  expect(shown(text)).not.toContain('hunter2')
})

test('what is no secret stays readable', () => {
  expect(shown(`${broken}env: [NAME=value]\nimage: nginx\n`)).toContain('image: nginx')
})

import { expect, test } from 'vitest'
import { findFile } from '#cli/find-file'
import { ArgumentError } from '#domain/errors'
import { filesOf } from './files.ts'

const commands = ['check', 'catalog']
const here = { files: filesOf({ '.dstack.yml': '', 'serve/.dstack.yml': '' }) }
const empty = { files: filesOf({}) }

test.each([
  ['a file', 'a/b.dstack.yml', {}, empty, { file: 'a/b.dstack.yml' }],
  ['standard input', '-', {}, empty, { file: '-' }],
  ['a directory of one word', 'serve', {}, here, { file: 'serve' }],
  ['resource flags alone', undefined, { gpu: 'A100' }, here, { file: undefined }],
  ['other flags with a file here', undefined, { backend: ['aws'] }, here, { file: '.' }],
  ['other flags without a file', undefined, { backend: ['aws'] }, empty, { file: undefined }],
  ['nothing, with a file here', undefined, {}, here, { file: '.' }],
  ['nothing at all', undefined, {}, empty, null],
  ['only a profile', undefined, { profile: 'large' }, empty, null],
] as const)('%s', (_, argument, flags, world, found) => {
  expect(findFile(argument, flags, commands, world)).toEqual(found)
})

test('a bare word is taken for a command', () => {
  const mistyped = () => findFile('chekc', {}, commands, empty)
  expect(mistyped).toThrow(ArgumentError)
  expect(mistyped).toThrow('"chekc" is neither a command nor a configuration file')
})

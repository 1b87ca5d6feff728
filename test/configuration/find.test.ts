import { describe, expect, test } from 'vitest'
import { findConfiguration } from '#configuration/find'
import { FileNameError, UnreadableError } from '#domain/errors'
import type { Files } from '#platform/files'
import { caught } from './caught.ts'

const filesOf = (texts: Readonly<Record<string, string>>): Files => ({
  readText: (path) => {
    const text = texts[path]
    if (text === undefined) throw new UnreadableError(`absent: ${path}`)
    return text
  },
  exists: (path) => path in texts,
  isDirectory: (path) => Object.keys(texts).some((name) => name.startsWith(`${path}/`)),
})

const files = filesOf({
  'one/.dstack.yml': '1',
  'one/.dstack.yaml': '2',
  'two/deep/serve.dstack.yaml': '3',
  'two/other.yml': '4',
  three: '5',
  '-': '6',
})

describe('findConfiguration', () => {
  test('takes a file in any folder, a directory, and standard input', () => {
    expect(findConfiguration('two/deep/serve.dstack.yaml', files).text).toBe('3')
    expect(findConfiguration('one', files)).toEqual({ file: 'one/.dstack.yml', text: '1' })
    expect(findConfiguration('-', files)).toEqual({ file: 'standard input', text: '6' })
  })

  test('refuses other names with the rule', () => {
    for (const name of ['two/other.yml', 'three', 'absent.yml'])
      expect(() => findConfiguration(name, files)).toThrow(FileNameError)
    const error = caught(FileNameError, () => findConfiguration('two/other.yml', files))
    expect(error.hint).toContain('.dstack.yml')
  })

  test('says what is absent', () => {
    for (const name of ['two', 'absent', 'absent.dstack.yml'])
      expect(() => findConfiguration(name, files)).toThrow(UnreadableError)
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { UnreadableError } from '#domain/errors'
import { systemFiles } from '#platform/files'

const directory = mkdtempSync(join(tmpdir(), 'files-'))
afterAll(() => rmSync(directory, { recursive: true }))

const write = (name: string, content: string | Buffer): string => {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

const complaint = (path: string, limit = 1000): string => {
  try {
    systemFiles.readText(path, limit)
  } catch (error) {
    if (error instanceof UnreadableError) return error.message
    throw error
  }
  return 'no error'
}

describe('readText', () => {
  test('gives the text as it is, marks and line ends too', () => {
    const text = '\uFEFFa: ä\r\nb: 😀\n'
    expect(systemFiles.readText(write('text', text), 1000)).toBe(text)
  })

  test('takes a file of exactly the limit and no larger one', () => {
    const path = write('limit', 'x'.repeat(1000))
    expect(systemFiles.readText(path, 1000)).toHaveLength(1000)
    expect(complaint(path, 999)).toContain('larger than 999 bytes')
  })

  test('says why a file cannot be read', () => {
    expect(complaint(join(directory, 'absent'))).toContain('no such file')
    expect(complaint(directory)).toContain('it is a directory')
    expect(complaint('a\0b')).toContain('cannot read')
  })

  test('names the line that is not UTF-8', () => {
    expect(complaint(write('binary', Buffer.from([0x61, 0x0a, 0x62, 0xff, 0x0a])))).toContain(
      'line 2 is not UTF-8',
    )
  })

  test('an endless file ends at the limit', () => {
    expect(complaint('/dev/zero')).toContain('larger than')
  })
})

test('exists and isDirectory answer without throwing', () => {
  expect(systemFiles.isDirectory(directory)).toBe(true)
  expect(systemFiles.isDirectory(write('file', ''))).toBe(false)
  expect(systemFiles.isDirectory('a\0b')).toBe(false)
  expect(systemFiles.exists(join(directory, 'absent'))).toBe(false)
})

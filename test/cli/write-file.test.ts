import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fileWriter } from '#cli/write-file'
import { ArgumentError } from '#domain/errors'

const folder = mkdtempSync(join(tmpdir(), 'dstack-offers-write-'))
const write = fileWriter(folder)

test('a file is put in place whole, and nothing is left beside it', () => {
  write('plan.json', 'first\n')
  write('plan.json', 'second\n')
  expect(readFileSync(join(folder, 'plan.json'), 'utf8')).toBe('second\n')
  expect(readdirSync(folder)).toEqual(['plan.json'])
})

test('a place that cannot be written to is said, and left as it was', () => {
  mkdirSync(join(folder, 'taken', 'full'), { recursive: true })
  writeFileSync(join(folder, 'file'), '')
  for (const path of ['taken', 'file/plan.json']) {
    expect(() => write(path, 'x')).toThrow(ArgumentError)
    expect(() => write(path, 'x')).toThrow(`cannot write "${path}": `)
  }
  expect(readdirSync(join(folder, 'taken'))).toEqual(['full'])
})

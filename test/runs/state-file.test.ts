import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StateUnreadableError } from '#domain/errors'
import { openStateFile } from '#runs/state-file'

test('a place that cannot be written to is named, with why', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'dstack-offers-state-')), 'a-file')
  writeFileSync(file, '')
  const path = join(file, 'runs.sqlite')
  const open = (): unknown => openStateFile(path)
  expect(open).toThrow(StateUnreadableError)
  expect(open).toThrow(`"${path}" cannot be read or written (no space or no permission)`)
})

import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { chapters } from '../../scripts/conformance/chapters.ts'
import { collect } from '../../scripts/conformance/collect.ts'

const copy = fileURLToPath(new URL('./vectors', import.meta.url))

describe('the vectors of the repository', () => {
  const { reports, notRun } = collect(copy, copy)

  test('are all known', () => {
    expect(notRun).toEqual([])
    expect(new Set(reports.map(({ file }) => file.split('/').at(-1)))).toEqual(
      new Set(chapters.map(({ file }) => file)),
    )
  })

  test.each(reports)('$file', ({ results, error }) => {
    expect(error).toBeUndefined()
    expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(results.some(({ outcome }) => outcome === 'passed')).toBe(true)
    expect(results.filter(({ outcome, detail }) => outcome === 'skipped' && !detail)).toEqual([])
  })
})

const more = process.env['CONFORMANCE_VECTORS'] ?? ''
if (!existsSync(more))
  console.log('further vectors are skipped: CONFORMANCE_VECTORS names no folder that holds any')

test.skipIf(!existsSync(more))('further vectors, of the folder CONFORMANCE_VECTORS names', () => {
  const { reports } = collect(more, copy)
  expect(reports.length).toBeGreaterThan(0)
  expect(reports.filter(({ error }) => error !== undefined)).toEqual([])
  const results = reports.flatMap((report) => report.results)
  expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
})

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
    expect(reports.map(({ file }) => file.split('/').at(-1)).sort()).toEqual(
      chapters.map(({ file }) => file).sort(),
    )
  })

  test.each(reports)('$file', ({ results, error }) => {
    expect(error).toBeUndefined()
    expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(results.some(({ outcome }) => outcome === 'passed')).toBe(true)
    for (const { outcome, detail } of results)
      if (outcome === 'skipped') expect(detail).toBeTruthy()
  })
})

const more = process.env['CONFORMANCE_VECTORS']
const reason = 'CONFORMANCE_VECTORS names no folder with more vectors'
test.skipIf(more === undefined || !existsSync(more))(
  more === undefined ? `further vectors (skipped: ${reason})` : `further vectors of ${more}`,
  () => {
    const { reports } = collect(more ?? copy, copy)
    const failed = reports.flatMap(({ results }) =>
      results.filter((one) => one.outcome === 'failed'),
    )
    expect(failed).toEqual([])
  },
)

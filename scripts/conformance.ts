/**
 * Runs conformance vectors: `npm run conformance -- [DIR]`. Every file below DIR is run whose name a
 * chapter knows. Exits 1 when a vector fails, or nothing was run.
 */
import { fileURLToPath } from 'node:url'
import { collect, type FileReport } from './conformance/collect.ts'
import type { VectorResult } from './conformance/chapter.ts'

const copy = fileURLToPath(new URL('../test/conformance/vectors', import.meta.url))

const count = (results: readonly VectorResult[], outcome: VectorResult['outcome']): number =>
  results.filter((result) => result.outcome === outcome).length

const summary = (results: readonly VectorResult[]): string =>
  `${count(results, 'passed')} passed, ${count(results, 'failed')} failed, ${count(results, 'skipped')} skipped`

const skipReasons = (results: readonly VectorResult[]): readonly string[] => {
  const reasons = new Map<string, number>()
  for (const { outcome, detail = 'no reason' } of results)
    if (outcome === 'skipped') reasons.set(detail, (reasons.get(detail) ?? 0) + 1)
  return [...reasons].map(([reason, times]) => `  skipped ${times}: ${reason}`)
}

const failures = (results: readonly VectorResult[]): readonly string[] =>
  results
    .filter(({ outcome }) => outcome === 'failed')
    .map(({ id, detail = '' }) => `  FAILED ${id}: ${detail}`)

const linesOf = ({ file, results, error }: FileReport): readonly string[] => [
  `${file}: ${summary(results)}`,
  ...skipReasons(results),
  ...failures(results),
  ...(error === undefined ? [] : [`  ERROR ${error}`]),
]

const main = (directory: string): number => {
  const { reports, notRun } = collect(directory, copy)
  for (const report of reports) for (const line of linesOf(report)) console.log(line)
  for (const file of notRun) console.log(`${file}: not run, no chapter knows it`)
  const results = reports.flatMap((report) => report.results)
  console.log(`total: ${summary(results)}`)
  const broken = reports.some(({ error }) => error !== undefined)
  return broken || results.length === 0 || count(results, 'failed') > 0 ? 1 : 0
}

process.exitCode = main(process.argv[2] ?? copy)

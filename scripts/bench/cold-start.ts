/** Whole processes, from spawn to exit, beside `node -e 0` in turn: A B A B, so drift hits both. */
import { spawnSync } from 'node:child_process'
import { median } from './statistics.ts'

export interface ColdStart {
  readonly command: string
  readonly pairs: number
  readonly milliseconds: number
  readonly baselineMilliseconds: number
  /** Median of the ratios within each pair. */
  readonly ratio: number
}

const run = (words: readonly string[]): number => {
  const start = process.hrtime.bigint()
  const { status, stderr } = spawnSync(process.execPath, words, {
    env: { ...process.env, NO_COLOR: '1' },
    encoding: 'utf8',
  })
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  if (status !== 0) throw new Error(`node ${words.join(' ')} ended with ${status}: ${stderr}`)
  return milliseconds
}

export const coldStart = (words: readonly string[], pairs: number): ColdStart => {
  const program = ['dist/bin/dstack-offers.js', ...words]
  const baseline = ['-e', '0']
  run(program)
  run(baseline)
  const measured = Array.from({ length: pairs }, () => ({
    ours: run(program),
    node: run(baseline),
  }))
  return {
    command: `dstack-offers ${words.join(' ')}`,
    pairs,
    milliseconds: median(measured.map(({ ours }) => ours)),
    baselineMilliseconds: median(measured.map(({ node }) => node)),
    ratio: median(measured.map(({ ours, node }) => ours / node)),
  }
}

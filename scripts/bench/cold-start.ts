/** Whole processes, from spawn to exit, beside `node -e 0` in turn: A B A B, so drift hits both. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { median } from './statistics.ts'

export interface ColdStart {
  readonly label: string
  readonly milliseconds: number
  readonly baselineMilliseconds: number
  /** Medians of the ratios, and of the differences, within each pair. */
  readonly ratio: number
  readonly over: number
  readonly peakMib: number
  readonly baselinePeakMib: number
}

export interface Command {
  readonly label: string
  /** The program and its arguments. */
  readonly words: readonly string[]
}

const program = 'dist/bin/dstack-offers.cjs'

export const dstackOffers = (label: string, words: readonly string[]): Command => ({
  label,
  words: [process.execPath, program, ...words],
})

const baseline: Command = { label: 'node -e 0', words: [process.execPath, '-e', '0'] }

const environment = { ...process.env, NO_COLOR: '1' }

/** Exit code 3 says that nothing matched: an answer as good as any. */
const answers: ReadonlySet<number | null> = new Set([0, 3])

const run = (
  { words: [file = '', ...words] }: Command,
  more: Record<string, string> = {},
): number => {
  const start = process.hrtime.bigint()
  const { status, stderr } = spawnSync(file, words, {
    env: { ...environment, ...more },
    encoding: 'utf8',
  })
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6
  if (!answers.has(status)) {
    throw new Error(`${words.join(' ')} ended with ${status}: ${stderr}`)
  }
  return milliseconds
}

/**
 * The most memory a Node process had, told by itself as it exits. The kernel's figure of this very
 * program: `resourceUsage` begins with that of the process it was forked from.
 */
const tellPeak = `process.on('exit', () => {
  const { readFileSync, writeFileSync } = require('node:fs')
  const [, kib] = /VmHWM:\\s*(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))
  writeFileSync(process.env.PEAK, kib)
})`

/** NaN where the system does not tell. */
const peakMib = (command: Command): number => {
  if (!existsSync('/proc/self/status')) return NaN
  const folder = mkdtempSync(join(tmpdir(), 'dstack-offers-peak-'))
  try {
    const [script, answer] = [join(folder, 'peak.cjs'), join(folder, 'peak')]
    writeFileSync(script, tellPeak)
    run(command, { NODE_OPTIONS: `--require ${script}`, PEAK: answer })
    return Number(readFileSync(answer, 'utf8')) / 1024
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** All commands in turn within each round, so that they can be compared with each other too. */
export const coldStarts = (commands: readonly Command[], rounds: number): readonly ColdStart[] => {
  for (const command of [baseline, ...commands]) run(command)
  const measured = Array.from({ length: rounds }, () => ({
    node: run(baseline),
    ours: commands.map((command) => run(command)),
  }))
  const baselinePeakMib = median([1, 2, 3].map(() => peakMib(baseline)))
  return commands.map((command, index) => {
    const pairs = measured.map(({ node, ours }) => ({ node, own: ours[index] ?? NaN }))
    return {
      label: command.label,
      milliseconds: median(pairs.map(({ own }) => own)),
      baselineMilliseconds: median(pairs.map(({ node }) => node)),
      ratio: median(pairs.map(({ own, node }) => own / node)),
      over: median(pairs.map(({ own, node }) => own - node)),
      peakMib: median([1, 2, 3].map(() => peakMib(command))),
      baselinePeakMib,
    }
  })
}

/** The time of a whole process that is not Node's. */
export const wallMilliseconds = (command: Command, rounds: number): number =>
  median(Array.from({ length: rounds }, () => run(command)))

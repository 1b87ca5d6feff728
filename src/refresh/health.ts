/** A file that says how a scheduled refresh fares, for whoever watches it. */
import { makeAside } from '#platform/derived-files'
import { printInstant } from '#platform/http-time'
import { writeTextFile } from '#platform/text-files'
import type { RefreshOutcome, RefreshProblem, RefreshReport } from './report.ts'

export interface FinishedRun {
  readonly startedMs: number
  readonly endedMs: number
  /** Null where the run did not get as far as asking a source. */
  readonly report: RefreshReport | null
  readonly outcome: RefreshOutcome | 'not run'
  readonly problem: RefreshProblem | null
}

export interface Health {
  readonly state: 'waiting' | 'running' | 'stopped'
  readonly schedule: string
  readonly startedMs: number
  readonly nextMs: number | null
  readonly last: FinishedRun | null
}

const lastRun = ({ startedMs, endedMs, report, outcome, problem }: FinishedRun) => ({
  started_at: printInstant(startedMs),
  ended_at: printInstant(endedMs),
  outcome,
  problem,
  backends: (report?.backends ?? []).map((one) => ({
    backend: one.backend,
    state: one.state,
    offers: one.offers,
    observed_at: one.observedAt,
    why: one.why,
  })),
})

const documentOf = ({ state, schedule, startedMs, nextMs, last }: Health) => ({
  format_version: '1.0',
  kind: 'refresh-health',
  state,
  schedule,
  started_at: printInstant(startedMs),
  next_run_at: nextMs === null ? null : printInstant(nextMs),
  last_run: last === null ? null : lastRun(last),
})

/** Readers see the whole of it, old or new. Throws what the file system throws. */
export const writeHealth = (path: string, health: Health): void =>
  makeAside(path, (aside) =>
    writeTextFile(aside, `${JSON.stringify(documentOf(health), null, 2)}\n`),
  )

/** Refreshes on a schedule, and their health. One that fails ends nothing: the next one comes. */
import { KnownError } from '#domain/errors'
import { type Health, type FinishedRun, writeHealth } from './health.ts'
import type { RefreshOutcome, RefreshReport } from './report.ts'
import { runOnSchedule, type ScheduleOptions } from './schedule.ts'

export interface ScheduledOptions extends Pick<
  ScheduleOptions,
  'pattern' | 'jitterMs' | 'clock' | 'random' | 'signal'
> {
  readonly healthFile: string
  refresh(): Promise<RefreshReport>
  outcomeOf(report: RefreshReport): RefreshOutcome
  onWaiting(nextMs: number): void
  /** A run, or the health file, that could not be had; the schedule goes on. */
  onProblem(message: string): void
}

const runOnce = async (options: ScheduledOptions): Promise<FinishedRun> => {
  const startedMs = options.clock.nowMs()
  const ended = (run: Omit<FinishedRun, 'startedMs' | 'endedMs'>): FinishedRun => ({
    startedMs,
    endedMs: options.clock.nowMs(),
    ...run,
  })
  try {
    const report = await options.refresh()
    return ended({ report, outcome: options.outcomeOf(report), problem: null })
  } catch (error) {
    if (!(error instanceof KnownError)) throw error
    const { code, message, hint = null } = error
    options.onProblem(message)
    return ended({ report: null, outcome: 'not run', problem: { code, message, hint } })
  }
}

/** Resolves once the signal has aborted and the run at hand, if any, has ended. */
export const refreshOnSchedule = async (options: ScheduledOptions): Promise<void> => {
  let health: Health = {
    state: 'waiting',
    schedule: options.pattern,
    startedMs: options.clock.nowMs(),
    nextMs: null,
    last: null,
  }
  const tell = (change: Partial<Health>): void => {
    health = { ...health, ...change }
    try {
      writeHealth(options.healthFile, health)
    } catch {
      options.onProblem(`"${options.healthFile}" cannot be written`)
    }
  }
  try {
    await runOnSchedule({
      ...options,
      onWaiting: (nextMs) => {
        tell({ state: 'waiting', nextMs })
        options.onWaiting(nextMs)
      },
      work: async () => {
        tell({ state: 'running', nextMs: null })
        health = { ...health, last: await runOnce(options) }
      },
    })
  } finally {
    tell({ state: 'stopped', nextMs: null })
  }
}

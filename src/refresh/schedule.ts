/** Work done again and again, at the times of a crontab line. */
import { Cron } from 'croner'
import { ArgumentError } from '#domain/errors'
import { type HttpClock, printInstant } from '#platform/http-time'

export interface ScheduleOptions {
  /** As in a crontab; with six fields the first one is seconds. */
  readonly pattern: string
  /** Each run starts up to so much later, so that many machines do not ask at once. */
  readonly jitterMs: number
  readonly clock: HttpClock
  /** From 0 to 1. */
  random(): number
  /** Ends it: while waiting at once, else when the work has ended. */
  readonly signal: AbortSignal
  onWaiting(nextMs: number): void
  work(): Promise<void>
}

/** When the pattern comes next, after an instant; null for never. */
type NextOf = (afterMs: number) => number | null

/** Throws ArgumentError for what is no crontab line, or one that never comes. */
const nextOf = (pattern: string): NextOf => {
  try {
    const cron = new Cron(pattern, { paused: true })
    return (afterMs) => cron.nextRun(printInstant(afterMs))?.getTime() ?? null
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^CronPattern: /, '') : ''
    throw new ArgumentError(`--schedule "${pattern}" is no crontab line: ${reason}`, {
      hint: 'minute, hour, day, month, weekday: "5 * * * *" is five past every hour',
    })
  }
}

/** Throws ArgumentError for what is no crontab line. */
export const checkSchedule = (pattern: string): void => {
  nextOf(pattern)
}

/** A clock may be set while one waits: the time left is looked at this often. */
const longestSleepMs = 30_000

const wait = async (
  { clock, signal }: ScheduleOptions,
  dueAt: () => number | null,
): Promise<void> => {
  let dueMs = dueAt()
  while (dueMs !== null && clock.nowMs() < dueMs && !signal.aborted) {
    try {
      await clock.sleep(Math.min(dueMs - clock.nowMs(), longestSleepMs), signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
    // Sooner, where the clock was set back; a time that has passed meanwhile stays due.
    const again = dueAt()
    if (again !== null && again < dueMs) dueMs = again
  }
}

/**
 * Resolves once the signal has aborted. Times that come while the work goes on are let pass. Throws
 * ArgumentError, and what the work throws.
 */
export const runOnSchedule = async (options: ScheduleOptions): Promise<void> => {
  const { pattern, clock, signal } = options
  const next = nextOf(pattern)
  while (!signal.aborted) {
    const delayMs = Math.floor(options.random() * options.jitterMs)
    const dueAt = (): number | null => {
      const dueMs = next(clock.nowMs())
      return dueMs === null ? null : dueMs + delayMs
    }
    const firstMs = dueAt()
    if (firstMs === null) throw new ArgumentError(`--schedule "${pattern}" never comes`)
    options.onWaiting(firstMs)
    await wait(options, dueAt)
    if (!signal.aborted) await options.work()
  }
}

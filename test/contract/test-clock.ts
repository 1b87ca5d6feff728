import type { HttpClock } from '#platform/http-time'

/** A clock that sleeps in no time, and remembers for how long. */
export interface TestClock extends HttpClock {
  readonly slept: readonly number[]
  advance(ms: number): void
}

export const newTestClock = (startMs = Date.parse('2026-11-24T12:00:00Z')): TestClock => {
  let nowMs = startMs
  const slept: number[] = []
  return {
    slept,
    advance: (ms) => {
      nowMs += ms
    },
    nowMs: () => nowMs,
    sleep: async (delayMs, signal) => {
      signal.throwIfAborted()
      slept.push(delayMs)
      nowMs += delayMs
    },
  }
}

/** A rest that can be cut short: what is wanted at once need not wait for the next pass. */
import type { HttpClock } from '#platform/http-time'

export interface Nudge {
  rest(signal: AbortSignal): Promise<void>
  /** Ends the rest that goes on, or the next one before it has begun. */
  nudge(): void
}

export const newNudge = (clock: HttpClock, restMs: number): Nudge => {
  let early = new AbortController()
  return {
    rest: async (signal) => {
      const either = AbortSignal.any([signal, early.signal])
      await clock.sleep(restMs, either).catch(() => undefined)
      early = new AbortController()
    },
    nudge: () => early.abort(),
  }
}

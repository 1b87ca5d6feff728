/** Time as HTTP needs it: a test has one of its own. */
export interface HttpClock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Resolves after so long, or rejects as soon as the signal aborts. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
}

/** Why it was aborted. */
export const reasonOf = (signal: AbortSignal): Error =>
  signal.reason instanceof Error ? signal.reason : new Error('aborted')

/** The clock of this machine. */
export const systemHttpClock: HttpClock = {
  nowMs: () => Date.now(),
  sleep: (delayMs, signal) =>
    new Promise((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer)
        reject(reasonOf(signal))
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop)
        resolve()
      }, delayMs)
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
    }),
}

/**
 * How long a server asks to wait, in milliseconds: seconds or an HTTP date. Null where it says
 * nothing that can be read.
 */
export const retryAfterMs = (header: string | undefined, nowMs: number): number | null => {
  const text = header?.trim() ?? ''
  if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text) * 1000
  const at = /[a-z]{3}/i.test(text) ? Date.parse(text) : NaN
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs)
}

export interface Backoff {
  /** Attempts in all, the first one included. */
  readonly attempts: number
  readonly firstDelayMs: number
  readonly longestDelayMs: number
}

/** The wait after so many failures: doubles, with up to a quarter less so that clients spread. */
export const backoffMs = (
  { firstDelayMs, longestDelayMs }: Backoff,
  failures: number,
  random: number,
): number => Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs) * (1 - random / 4)

/** `2027-03-01T10:00:00Z`: RFC 3339, UTC, whole seconds. */
export const printInstant = (instantMs: number): string =>
  `${new Date(instantMs).toISOString().slice(0, 19)}Z`

/** At most so many requests at once to a host, and so long apart. */
import type { HttpClock } from './http-time.ts'

export interface HostLimit {
  readonly atOnce: number
  /** From the start of one request to that of the next. */
  readonly intervalMs: number
}

/** When a request may start, which is then taken: the next has to keep its distance from it. */
export interface Starts {
  take(host: string, nowMs: number, limit: HostLimit): number
}

/**
 * The start after one that was taken. Farther off than some waiting explains means that the clock was
 * set back meanwhile.
 */
export const startAfter = (
  takenMs: number | null,
  nowMs: number,
  { intervalMs, atOnce }: HostLimit,
): number =>
  takenMs === null
    ? nowMs
    : Math.max(nowMs, Math.min(takenMs + intervalMs, nowMs + intervalMs * atOnce))

/** Of one process. */
export const ownStarts = (): Starts => {
  const taken = new Map<string, number>()
  return {
    take: (host, nowMs, limit) => {
      const startMs = startAfter(taken.get(host) ?? null, nowMs, limit)
      taken.set(host, startMs)
      return startMs
    },
  }
}

interface Host {
  running: number
  readonly waiting: (() => void)[]
}

export interface Turns {
  /** Runs the work when it is the host's turn. */
  take<T>(host: string, limit: HostLimit, signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

export const newTurns = (clock: HttpClock, starts: Starts = ownStarts()): Turns => {
  const hosts = new Map<string, Host>()
  const hostOf = (name: string): Host => {
    const known = hosts.get(name) ?? { running: 0, waiting: [] }
    hosts.set(name, known)
    return known
  }

  const enter = async (host: Host, limit: HostLimit): Promise<void> => {
    if (host.running < limit.atOnce) host.running += 1
    // Whoever leaves hands over its place, so the count stays.
    else await new Promise<void>((resolve) => host.waiting.push(resolve))
  }

  const leave = (host: Host): void => {
    const next = host.waiting.shift()
    if (next) next()
    else host.running -= 1
  }

  const keepApart = async (name: string, limit: HostLimit, signal: AbortSignal) => {
    if (limit.intervalMs === 0) return
    const nowMs = clock.nowMs()
    const startMs = starts.take(name, nowMs, limit)
    if (startMs > nowMs) await clock.sleep(startMs - nowMs, signal)
  }

  return {
    take: async (name, limit, signal, work) => {
      const host = hostOf(name)
      await enter(host, limit)
      try {
        signal.throwIfAborted()
        await keepApart(name, limit, signal)
        return await work()
      } finally {
        leave(host)
      }
    },
  }
}

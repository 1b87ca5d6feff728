/** At most so many requests at once to a host, and so long apart. */
import type { HttpClock } from './http-time.ts'

export interface HostLimit {
  readonly atOnce: number
  /** From the start of one request to that of the next. */
  readonly intervalMs: number
}

interface Host {
  running: number
  nextStartMs: number
  readonly waiting: (() => void)[]
}

export interface Turns {
  /** Runs the work when it is the host's turn. */
  take<T>(host: string, limit: HostLimit, signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

export const newTurns = (clock: HttpClock): Turns => {
  const hosts = new Map<string, Host>()
  const hostOf = (name: string): Host => {
    const known = hosts.get(name) ?? { running: 0, nextStartMs: 0, waiting: [] }
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

  const keepApart = async (host: Host, { intervalMs, atOnce }: HostLimit, signal: AbortSignal) => {
    const nowMs = clock.nowMs()
    // No turn is farther off than this, unless the clock was set back meanwhile.
    const farthestMs = nowMs + intervalMs * atOnce
    const startMs = Math.max(nowMs, Math.min(host.nextStartMs, farthestMs))
    host.nextStartMs = startMs + intervalMs
    if (startMs > nowMs) await clock.sleep(startMs - nowMs, signal)
  }

  return {
    take: async (name, limit, signal, work) => {
      const host = hostOf(name)
      await enter(host, limit)
      try {
        signal.throwIfAborted()
        await keepApart(host, limit, signal)
        return await work()
      } finally {
        leave(host)
      }
    },
  }
}

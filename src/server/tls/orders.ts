/**
 * Orders of certificates: one per name at a time, and after a failure none for a while. What failed
 * outlives the process, or one that is started again and again would use up what its CA puts up with.
 */
import { backoffMs, type HttpClock } from '#platform/http-time'
import type { UsableCertificate } from './certificate.ts'
import type { FailingOrders } from './failing-orders.ts'

/** At most four failures of a name in its first hour: Let's Encrypt puts up with five. */
const retries = { attempts: Infinity, firstDelayMs: 8 * 60_000, longestDelayMs: 6 * 60 * 60_000 }

export interface OrderEvents {
  issued(host: string, endsMs: number): void
  failed(host: string, error: unknown, retryMs: number): void
  /** Nothing is ordered before, for what a process before this one has noted. Once for each name. */
  putOff(host: string, retryMs: number): void
}

interface OrdersOptions {
  readonly clock: HttpClock
  readonly random: () => number
  readonly failing: FailingOrders
  readonly events: OrderEvents
}

/** Gives null where there is none to be had now; never rejects. */
export const newOrders = (
  obtain: (host: string) => Promise<UsableCertificate>,
  { clock, random, failing, events }: OrdersOptions,
) => {
  const ordered = new Map<string, Promise<UsableCertificate | null>>()
  /** Names whose state has been told of since this process began. */
  const told = new Set<string>()

  const delayMs = (failures: number): number => backoffMs(retries, failures, random())
  const failuresOf = (host: string): number => failing.find(host)?.failures ?? 0

  /** As if it had failed, until it ends: a process may end in the middle. The first one may be tried again at once. */
  const noteBegun = (host: string): void => {
    const before = failuresOf(host)
    const retryMs = clock.nowMs() + (before === 0 ? 0 : delayMs(before))
    failing.note(host, { failures: before + 1, retryMs })
  }
  const noteFailed = (host: string, failures: number, error: unknown): void => {
    const retryMs = clock.nowMs() + delayMs(failures)
    try {
      failing.note(host, { failures, retryMs })
    } catch {
      // It is in force for this process at least.
    }
    events.failed(host, error, retryMs)
  }
  const attempt = async (host: string): Promise<UsableCertificate | null> => {
    const failures = failuresOf(host) + 1
    told.add(host)
    try {
      noteBegun(host)
      const certificate = await obtain(host)
      failing.forget(host)
      events.issued(host, certificate.endsMs)
      return certificate
    } catch (error) {
      noteFailed(host, failures, error)
      return null
    } finally {
      ordered.delete(host)
    }
  }
  /** What is further away than any wait was noted by a clock that went wrong. */
  const putOffUntil = (host: string): number | null => {
    const waitMs = (failing.find(host)?.retryMs ?? 0) - clock.nowMs()
    return waitMs > 0 && waitMs <= retries.longestDelayMs ? clock.nowMs() + waitMs : null
  }
  return async (host: string): Promise<UsableCertificate | null> => {
    const under = ordered.get(host)
    if (under !== undefined) return under
    const retryMs = putOffUntil(host)
    if (retryMs !== null) {
      if (!told.has(host)) events.putOff(host, retryMs)
      told.add(host)
      return null
    }
    const order = attempt(host)
    ordered.set(host, order)
    return order
  }
}

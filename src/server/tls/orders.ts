/** Orders of certificates: one per name at a time, and after a failure none for a while. */
import { backoffMs, type HttpClock } from '#platform/http-time'
import type { UsableCertificate } from './certificate.ts'

/** At most four failures of a name in its first hour: Let's Encrypt puts up with five. */
const retries = { attempts: Infinity, firstDelayMs: 8 * 60_000, longestDelayMs: 6 * 60 * 60_000 }

export interface OrderEvents {
  issued(host: string, endsMs: number): void
  failed(host: string, error: unknown, retryMs: number): void
}

interface OrdersOptions {
  readonly clock: HttpClock
  readonly random: () => number
  readonly events: OrderEvents
}

interface Failing {
  readonly failures: number
  readonly retryMs: number
}

/** Gives null where there is none to be had now; never rejects. */
export const newOrders = (
  obtain: (host: string) => Promise<UsableCertificate>,
  { clock, random, events }: OrdersOptions,
) => {
  const ordered = new Map<string, Promise<UsableCertificate | null>>()
  const failing = new Map<string, Failing>()

  const attempt = async (host: string): Promise<UsableCertificate | null> => {
    try {
      const certificate = await obtain(host)
      failing.delete(host)
      events.issued(host, certificate.endsMs)
      return certificate
    } catch (error) {
      const failures = (failing.get(host)?.failures ?? 0) + 1
      const retryMs = clock.nowMs() + backoffMs(retries, failures, random())
      failing.set(host, { failures, retryMs })
      events.failed(host, error, retryMs)
      return null
    } finally {
      ordered.delete(host)
    }
  }
  return async (host: string): Promise<UsableCertificate | null> => {
    const under = ordered.get(host)
    if (under !== undefined) return under
    if (clock.nowMs() < (failing.get(host)?.retryMs ?? 0)) return null
    const order = attempt(host)
    ordered.set(host, order)
    return order
  }
}

/** What becomes of each request: it begins at a replica, or is held until one is ready, or is dropped. */
import {
  beginsAtMs,
  type SimulatedReplica,
  soonest,
  take,
  unanswered,
} from './simulated-replica.ts'

export interface HoldLimits {
  /** Requests that wait while no replica is ready. */
  readonly maxHeld: number
  /** How long a request waits for its answer to begin. */
  readonly holdMs: number
}

export interface SimulatedGate {
  /** A request comes. Arrivals are told in order. */
  arrive(atMs: number): void
  /** Everything that happens to held requests until then. */
  settle(untilMs: number): void
  held(): number
  /** On replicas that are not draining. */
  inFlight(nowMs: number): number
  /** When the last answer that has been begun is over. */
  busyUntilMs(): number
  dropped(): number
  /** Of the requests that were answered, in no order. */
  waitsMs(): Float64Array
}

export const newGate = (given: {
  readonly limits: HoldLimits
  readonly serviceMs: number
  readonly mostRequests: number
  readonly active: () => readonly SimulatedReplica[]
}): SimulatedGate => {
  const { limits, serviceMs, active } = given
  const waits = new Float64Array(given.mostRequests)
  let answered = 0
  let dropped = 0
  let busyUntilMs = -Infinity
  let held: number[] = []

  const send = (replica: SimulatedReplica, arrivedMs: number, nowMs: number): void => {
    const beginMs = beginsAtMs(replica, nowMs)
    if (beginMs - arrivedMs > limits.holdMs) {
      dropped += 1
      return
    }
    take(replica, beginMs, serviceMs)
    busyUntilMs = Math.max(busyUntilMs, replica.busyUntilMs)
    waits[answered] = beginMs - arrivedMs
    answered += 1
  }

  const expire = (untilMs: number): void => {
    const waiting = held.filter((arrivedMs) => arrivedMs + limits.holdMs >= untilMs)
    dropped += held.length - waiting.length
    held = waiting
  }

  const settle = (untilMs: number): void => {
    if (held.length === 0) return
    let readyMs = Infinity
    for (const replica of active()) readyMs = Math.min(readyMs, replica.readyMs)
    expire(Math.min(readyMs, untilMs))
    if (readyMs > untilMs) return
    for (const arrivedMs of held) {
      const replica = soonest(active(), readyMs)
      if (replica !== null) send(replica, arrivedMs, readyMs)
    }
    held = []
  }

  return {
    arrive: (atMs) => {
      settle(atMs)
      const replica = soonest(active(), atMs)
      if (replica !== null) send(replica, atMs, atMs)
      else if (held.length < limits.maxHeld) held.push(atMs)
      else dropped += 1
    },
    settle,
    held: () => held.length,
    inFlight: (nowMs) => {
      let count = 0
      for (const replica of active()) count += unanswered(replica, nowMs, serviceMs)
      return count
    },
    busyUntilMs: () => busyUntilMs,
    dropped: () => dropped,
    waitsMs: () => waits.subarray(0, answered),
  }
}

/** The replicas of a simulated run, and the time each is paid for. */
import type { ScaledReplica } from './decide.ts'
import { freeNumbers, newReplica, type SimulatedReplica, toStop } from './simulated-replica.ts'

/** From its submission, which is when its machine is paid from, to its end. */
export interface ReplicaSpan {
  readonly submittedMs: number
  readonly readyMs: number
  readonly endMs: number
}

export interface SimulatedFleet {
  readonly active: readonly SimulatedReplica[]
  /** Up or down; what is stopped finishes its requests first. */
  scaleTo(count: number, nowMs: number): void
  /** As the decision is told of them. */
  scaled(nowMs: number): readonly ScaledReplica[]
  /** All that ever were; those still active end now. */
  spans(nowMs: number): readonly ReplicaSpan[]
}

interface Ended extends ReplicaSpan {
  readonly stoppedMs: number
}

export const newFleet = (given: {
  readonly startupMs: number
  readonly concurrency: number
}): SimulatedFleet => {
  let active: readonly SimulatedReplica[] = []
  const ended: Ended[] = []
  /** What was stopped last, and before it what still drains. */
  let recent: readonly Ended[] = []

  const start = (count: number, nowMs: number): void => {
    const started = freeNumbers(active, count).map((number) =>
      newReplica({
        number,
        submittedMs: nowMs,
        readyMs: nowMs + given.startupMs,
        concurrency: given.concurrency,
      }),
    )
    active = [...active, ...started]
  }

  const stop = (staying: number, nowMs: number): void => {
    const stopped = toStop(active, staying, nowMs)
    active = active.filter((replica) => !stopped.includes(replica))
    const ending = stopped.map(({ submittedMs, readyMs, busyUntilMs }) => ({
      submittedMs,
      readyMs,
      stoppedMs: nowMs,
      endMs: Math.max(nowMs, busyUntilMs),
    }))
    recent = [...recent.filter(({ endMs }) => endMs > nowMs), ...ending]
    ended.push(...ending)
  }

  return {
    get active() {
      return active
    },
    scaleTo: (count, nowMs) => {
      if (count > active.length) start(count - active.length, nowMs)
      if (count < active.length) stop(count, nowMs)
    },
    scaled: (nowMs) => [
      ...active.map(({ submittedMs }) => ({ isActive: true, sinceMs: submittedMs })),
      ...recent.map(({ endMs, stoppedMs }) => ({
        isActive: false,
        sinceMs: endMs <= nowMs ? endMs : stoppedMs,
      })),
    ],
    spans: (nowMs) => [
      ...ended.map(({ submittedMs, readyMs, endMs }) => ({ submittedMs, readyMs, endMs })),
      ...active.map(({ submittedMs, readyMs }) => ({
        submittedMs,
        readyMs,
        endMs: Math.max(nowMs, submittedMs),
      })),
    ],
  }
}

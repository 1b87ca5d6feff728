/** Replays arrivals through the autoscaler on a virtual clock: nothing in it depends on the real one. */
import type { Scaling } from '#domain/configuration'
import { burstSeconds, decideEveryMs, weigh, windowSeconds } from './decide.ts'
import { newFleet, type ReplicaSpan, type SimulatedFleet } from './simulated-fleet.ts'
import { newGate, type HoldLimits, type SimulatedGate } from './simulated-gate.ts'
import { newTraffic, type Traffic } from './traffic.ts'
import { summariseWaits, type Waits } from './waits.ts'

/** Whole milliseconds, of any epoch. */
export interface Trace {
  readonly startMs: number
  readonly endMs: number
  /** In order, none before the start. */
  readonly arrivalsMs: Float64Array
}

export type SimulatedScaling = Pick<
  Scaling,
  'target' | 'scaleUpDelaySeconds' | 'scaleDownDelaySeconds'
>

export interface SimulatedService {
  readonly limits: { readonly min: number; readonly max: number }
  /** Null where the number of replicas is fixed. */
  readonly scaling: SimulatedScaling | null
  /** How long a replica takes for one request. */
  readonly serviceMs: number
  /** From a replica's submission until it takes requests. */
  readonly startupMs: number
  /** Requests that one replica serves at once. */
  readonly concurrency: number
  readonly hold: HoldLimits
  readonly decideEveryMs: number
}

/** What a gateway holds, and how often the server decides, where nobody says otherwise. */
export const usualService = {
  hold: { maxHeld: 100, holdMs: 300_000 },
  decideEveryMs,
} as const satisfies Partial<SimulatedService>

export interface Simulation {
  readonly requests: number
  readonly dropped: number
  /** Null where no request was answered. */
  readonly waits: Waits | null
  /** Times that the run was started from zero replicas. */
  readonly coldStarts: number
  readonly spans: readonly ReplicaSpan[]
  /** The time that all replicas together are paid for. */
  readonly replicaMs: number
  /** The end of the trace, or of the last answer where that is later. */
  readonly endMs: number
}

interface Replay {
  readonly trace: Trace
  readonly service: SimulatedService
  readonly fleet: SimulatedFleet
  readonly gate: SimulatedGate
  readonly traffic: Traffic
}

const runId = 'simulated'

/** One decision of the server; true where it starts the run from zero. */
const pass = (
  { service, fleet, gate, traffic }: Replay,
  requests: number,
  nowMs: number,
): boolean => {
  const { scaling, limits } = service
  const active = fleet.active.length
  if (scaling === null) return false
  const { replicas } = weigh({
    limits,
    scaling,
    replicas: fleet.scaled(nowMs),
    requests,
    recent: traffic.requestsIn(runId, burstSeconds, nowMs),
    // What drains is in flight too, though nobody waits behind it.
    inFlight: gate.inFlight(nowMs) || (gate.busyUntilMs() > nowMs ? 1 : 0),
    held: gate.held(),
    nowMs,
  })
  fleet.scaleTo(replicas, nowMs)
  return active === 0 && replicas > 0
}

/** Whether nothing can change before the next request. */
const isAtRest = ({ service, fleet, gate }: Replay, requests: number, nowMs: number): boolean =>
  requests === 0 &&
  fleet.active.length === service.limits.min &&
  gate.held() === 0 &&
  gate.busyUntilMs() <= nowMs

/** Replays to the end; how often the run was started from zero. */
const replay = (state: Replay): number => {
  const { gate, traffic, service, trace } = state
  const { arrivalsMs, startMs } = trace
  const stepMs = service.decideEveryMs
  let coldStarts = 0
  let next = 0
  for (let nowMs = startMs; ; nowMs += stepMs) {
    for (let atMs = arrivalsMs[next]; atMs !== undefined && atMs <= nowMs;) {
      traffic.count(runId, atMs)
      gate.arrive(atMs)
      next += 1
      atMs = arrivalsMs[next]
    }
    gate.settle(nowMs)
    const requests = traffic.requestsIn(runId, windowSeconds, nowMs)
    if (pass(state, requests, nowMs)) coldStarts += 1
    if (!isAtRest(state, requests, nowMs)) continue
    const nextMs = arrivalsMs[next]
    if (nextMs === undefined) return coldStarts
    nowMs = startMs + Math.floor((nextMs - startMs - 1) / stepMs) * stepMs
  }
}

/**
 * The least number of replicas is ready when the trace starts, as of a run at rest, and is paid for
 * from the start to the end; any other replica from its submission until it has drained.
 */
export const simulate = (trace: Trace, service: SimulatedService): Simulation => {
  const { startupMs, serviceMs, concurrency, limits } = service
  const fleet = newFleet({ startupMs, concurrency })
  const gate = newGate({
    limits: service.hold,
    serviceMs,
    mostRequests: trace.arrivalsMs.length,
    active: () => fleet.active,
  })
  fleet.scaleTo(limits.min, trace.startMs - startupMs)
  const coldStarts = replay({ trace, service, fleet, gate, traffic: newTraffic() })
  const endMs = Math.max(trace.endMs, gate.busyUntilMs())
  const spans = fleet.spans(endMs).map((span) => ({
    ...span,
    submittedMs: Math.max(span.submittedMs, trace.startMs),
  }))
  return {
    requests: trace.arrivalsMs.length,
    dropped: gate.dropped(),
    waits: summariseWaits(gate.waitsMs()),
    coldStarts,
    spans,
    replicaMs: spans.reduce((sum, one) => sum + one.endMs - one.submittedMs, 0),
    endMs,
  }
}

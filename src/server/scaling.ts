/** Acts on the autoscaler's decisions: one pass over all runs that scale. */
import {
  burstSeconds,
  type Decision,
  decide,
  type ScaledReplica,
  windowSeconds,
} from '#autoscaler/decide'
import type { Traffic } from '#autoscaler/traffic'
import type { Scaling } from '#domain/configuration'
import { readRunRequest } from '#launch/run-request'
import type { Replica, Run } from '#runs/rows'
import { isActiveReplica } from '#runs/statuses'
import type { Store } from '#runs/store'
import { scaleRun } from '#runs/submit'
import { printScalingNote } from './scaling-note.ts'

/** What requests of a run are doing right now. */
export interface Load {
  inFlight(runId: string): number
  held(runId: string): number
}

export interface ScalingHands {
  readonly store: Store
  readonly nowMs: () => number
  readonly traffic: Traffic
  readonly load: Load
  /** Requests are counted since then: less than a window of them says nothing of what is too much. */
  readonly sinceMs: number
  /** There are more or fewer replicas to be had. */
  readonly onScaled: (run: Run, decision: Decision) => void
}

const scaled = ({ status, submittedMs, changedMs, runningMs, reason }: Replica): ScaledReplica => {
  const isActive = isActiveReplica(status)
  // One that ran and answered nobody was never ready either.
  const hasFailed = status === 'failed' && (runningMs === null || reason === 'gateway-error')
  return { isActive, sinceMs: isActive ? submittedMs : changedMs, hasFailed }
}

const decisionFor = (hands: ScalingHands, run: Run, scaling: Scaling): Decision => {
  const { store, traffic, load } = hands
  const nowMs = hands.nowMs()
  const decision = decide({
    limits: run.spec.replicas,
    scaling,
    replicas: store.replicas(run.id).map(scaled),
    requests: traffic.requestsIn(run.id, windowSeconds, nowMs),
    recent: traffic.requestsIn(run.id, burstSeconds, nowMs),
    inFlight: load.inFlight(run.id),
    held: load.held(run.id),
    nowMs,
  })
  const countedUntilMs = hands.sinceMs + windowSeconds * 1000
  if (decision.replicas >= run.wantedReplicas || nowMs >= countedUntilMs) return decision
  return {
    replicas: run.wantedReplicas,
    why: `${decision.why}, once requests are counted for ${windowSeconds} s`,
    waitsUntilMs: countedUntilMs,
  }
}

const note = (hands: ScalingHands, run: Run, scaling: Scaling, decision: Decision): void => {
  const { store, traffic, load } = hands
  const nowMs = hands.nowMs()
  store.noteScaling(
    run.id,
    printScalingNote({
      atMs: nowMs,
      rps: traffic.requestsIn(run.id, windowSeconds, nowMs) / windowSeconds,
      target: scaling.target,
      inFlight: load.inFlight(run.id),
      held: load.held(run.id),
      active: store.replicas(run.id).filter(({ status }) => isActiveReplica(status)).length,
      wanted: decision.replicas,
      why: decision.why,
      waitsUntilMs: decision.waitsUntilMs,
    }),
  )
}

const scaleOne = (hands: ScalingHands, run: Run): void => {
  const { scaling } = readRunRequest(run.spec.request).serving
  if (scaling === null || run.status === 'terminating') return
  const { store } = hands
  const decision = decisionFor(hands, run, scaling)
  const active = store.replicas(run.id).filter(({ status }) => isActiveReplica(status)).length
  // What waits for another try is wanted still, though it is not active.
  if (decision.replicas !== active && decision.replicas !== run.wantedReplicas) {
    scaleRun(store, run.name, decision.replicas)
    hands.onScaled(run, decision)
  }
  note(hands, run, scaling, decision)
}

/** Written down at once: whoever waits for an answer waits for one write to the disk, not for many. */
export const scaleRuns = (hands: ScalingHands): void =>
  hands.store.atomically(() => {
    for (const run of hands.store.runs(false)) scaleOne(hands, run)
  })

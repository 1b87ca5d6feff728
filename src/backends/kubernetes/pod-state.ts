/** How a pod fares, in the words of launching. Pure. */
import type { InstancePhase, Verdict } from '#domain/launch'
import { parseInstant } from '#platform/clock'
import type { WorkloadState } from '#backends/kit/provisioner'
import type { Condition, Pod } from './schema.ts'

/** A scheduler may find no node for a moment: one that ends, or a queue. */
const graceMs = 60_000

/** An autoscaler that was triggered brings a node, or does not. */
const autoscalerMs = 600_000

export interface PodState {
  readonly phase: InstancePhase
  readonly cause: Verdict | null
  readonly workload: WorkloadState | null
}

const verdict = (of: Pick<Verdict, 'class' | 'scope' | 'code'>, message: string): Verdict => ({
  ...of,
  message,
  retryAfterMs: null,
})

const conditionOf = ({ status }: Pod, type: string): Condition | null =>
  status?.conditions?.find((one) => one.type === type) ?? null

/** Since when the scheduler finds no node; null where it has found one. */
const unschedulable = (pod: Pod): Condition | null => {
  const condition = conditionOf(pod, 'PodScheduled')
  return condition?.status === 'False' && condition.reason === 'Unschedulable' ? condition : null
}

/** How long no node was found, in milliseconds; null for a pod that has one. */
export const unscheduledMs = (pod: Pod, nowMs: number): number | null => {
  const condition = unschedulable(pod)
  if (condition === null) return null
  const sinceMs = parseInstant(condition.lastTransitionTime ?? '')
  return sinceMs === null ? 0 : nowMs - sinceMs
}

/** Whether it has waited for so long that an autoscaler's word is worth asking for. */
export const isOverdue = (waitedMs: number): boolean => waitedMs > graceMs

const interruptions: ReadonlySet<string> = new Set([
  'Evicted',
  'Preempting',
  'Preempted',
  'NodeLost',
  'NodeShutdown',
  'Terminated',
  'Shutdown',
])

const pullFailures: ReadonlySet<string> = new Set([
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'ErrImageNeverPull',
  'RegistryUnavailable',
])

const startFailures: ReadonlySet<string> = new Set([
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
])

/** Whoever deletes a pod ends its command, which may well say that it ended as it should. */
const interruption = (pod: Pod): Verdict | null => {
  const { reason, message } = pod.status ?? {}
  const disruption = conditionOf(pod, 'DisruptionTarget')
  const isDisrupted = disruption?.status === 'True'
  const isDeleted = pod.metadata.deletionTimestamp !== null
  if (!isDisrupted && !isDeleted && !interruptions.has(reason ?? '')) return null
  const code = reason ?? disruption?.reason ?? (isDeleted ? 'Deleted' : null)
  const why = message ?? disruption?.message
  const of = { class: 'interrupted', scope: 'instance', code } as const
  return verdict(of, why ?? (isDeleted ? 'the pod was deleted' : 'the pod was evicted'))
}

const lost = (cause: Verdict, phase: InstancePhase = 'failed'): PodState => ({
  phase,
  cause,
  workload: null,
})

const waiting = (pod: Pod): PodState => {
  const { reason, message } = pod.status?.containerStatuses?.[0]?.state?.waiting ?? {}
  const code = reason ?? null
  if (code !== null && (pullFailures.has(code) || startFailures.has(code))) {
    return lost(verdict({ class: 'invalid', scope: 'attempt', code }, message ?? code))
  }
  const isPlaced = pod.spec?.nodeName !== null && pod.spec?.nodeName !== undefined
  return {
    phase: isPlaced ? 'running' : 'pending',
    cause: null,
    workload: isPlaced ? { phase: 'pulling' } : null,
  }
}

const ended = (pod: Pod): PodState => {
  const cause = interruption(pod)
  if (cause !== null) return lost(cause, 'interrupted')
  const terminated = pod.status?.containerStatuses?.[0]?.state?.terminated ?? null
  const reason = pod.status?.reason ?? terminated?.reason ?? null
  if (pod.status?.phase === 'Failed' && terminated === null && reason !== 'DeadlineExceeded') {
    const of = { class: 'unknown', scope: 'attempt', code: reason } as const
    return lost(verdict(of, pod.status.message ?? 'the pod failed'))
  }
  const exitCode = terminated?.exitCode ?? (pod.status?.phase === 'Succeeded' ? 0 : null)
  const isPlain = exitCode === 0 && reason === 'Completed'
  return {
    phase: 'running',
    cause: null,
    workload: { phase: 'exited', exitCode, reason: isPlain ? null : reason },
  }
}

const pending = (pod: Pod, waitedMs: number | null, isScalingUp: boolean): PodState => {
  const limitMs = isScalingUp ? autoscalerMs : graceMs
  if (waitedMs === null || waitedMs <= limitMs) return waiting(pod)
  const of = { class: 'no-capacity', scope: 'type-region', code: 'Unschedulable' } as const
  return lost(verdict(of, unschedulable(pod)?.message ?? 'no node is free'))
}

/** `waitedMs` as `unscheduledMs` tells it; `isScalingUp` where an autoscaler brings a node. */
export const stateOf = (pod: Pod, waitedMs: number | null, isScalingUp: boolean): PodState => {
  const phase = pod.status?.phase ?? null
  if (phase === 'Pending') return pending(pod, waitedMs, isScalingUp)
  if (phase === 'Running') {
    return { phase: 'running', cause: null, workload: { phase: 'running' } }
  }
  if (phase === 'Succeeded' || phase === 'Failed') return ended(pod)
  return { phase: 'unknown', cause: null, workload: null }
}

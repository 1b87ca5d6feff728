/**
 * When a failed replica is tried again. `retry_policy: {retry, duration}` has today's meaning: all
 * three kinds of failure count, with a wait that grows.
 */
import type { RetryPolicy } from '#domain/profile'
import type { ReplicaEnd } from './statuses.ts'

type RetryEvent = 'no-capacity' | 'interruption' | 'error'

const events: Partial<Record<ReplicaEnd, RetryEvent>> = {
  'failed-to-start-due-to-no-capacity': 'no-capacity',
  'interrupted-by-no-capacity': 'interruption',
  'waiting-instance-limit-exceeded': 'interruption',
  'waiting-runner-limit-exceeded': 'interruption',
  'container-exited-with-error': 'error',
  'ports-binding-failed': 'error',
  'creating-container-error': 'error',
  'gateway-error': 'error',
  'executor-error': 'error',
}

/** 15 s, 30 s, 1, 2, 5, then 10 minutes: dstack's, since 0.19. */
const waitsSeconds = [15, 30, 60, 120, 300, 600]

export interface FailedReplica {
  readonly reason: ReplicaEnd
  /** How often it failed in a row; at least 1. */
  readonly failures: number
  readonly failedAtMs: number
  /** The first submission since it last ran, or of the run: where the time for no capacity starts. */
  readonly submittedAtMs: number
  /** The first failure since it last ran: where the time for all else starts. */
  readonly firstFailedAtMs: number
}

export type Retry =
  | { readonly kind: 'no' | 'exhausted' }
  | { readonly kind: 'at'; readonly atMs: number }

export const retryOf = (failed: FailedReplica, policy: RetryPolicy): Retry => {
  const event = events[failed.reason]
  if (!policy.retry || event === undefined) return { kind: 'no' }
  const last = waitsSeconds.length - 1
  const waitSeconds = waitsSeconds[Math.min(failed.failures - 1, last)] ?? 0
  const atMs = failed.failedAtMs + waitSeconds * 1000
  if (policy.durationSeconds === null) return { kind: 'at', atMs }
  const sinceMs = event === 'no-capacity' ? failed.submittedAtMs : failed.firstFailedAtMs
  const isOver = atMs - sinceMs > policy.durationSeconds * 1000
  return isOver ? { kind: 'exhausted' } : { kind: 'at', atMs }
}

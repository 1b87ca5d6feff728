/** The status of a run, out of its replicas. */
import {
  finalStatusOf,
  isFinalReplica,
  type ReplicaEnd,
  type ReplicaStatus,
  type RunEnd,
  type RunStatus,
} from './statuses.ts'

/** The newest submission of a replica. */
export interface ReplicaNow {
  readonly replica: number
  readonly status: ReplicaStatus
  /** Null while nothing ends it. */
  readonly reason: ReplicaEnd | null
  /** Of a failed one: whether it is tried again, may not be any more, or never was to be. */
  readonly retry: 'now-or-later' | 'exhausted' | 'no'
}

export interface RunNow {
  /** `terminating` where `reason` is given. */
  readonly status: RunStatus
  readonly reason: RunEnd | null
  /** Replicas to be submitted anew, once their back-off is over. */
  readonly resubmit: readonly number[]
}

/** What a replica that is being ended will have been. */
const settled = ({ status, reason }: ReplicaNow): ReplicaStatus =>
  status === 'terminating' && reason !== null ? finalStatusOf(reason) : status

const byProgress = ['running', 'provisioning', 'submitted'] as const

const progressOf = (status: ReplicaStatus): (typeof byProgress)[number] | null => {
  if (status === 'pulling' || status === 'provisioning') return 'provisioning'
  return status === 'running' || status === 'submitted' ? status : null
}

/**
 * One replica that failed for good, or was at work for `max_duration`, ends the whole run; else the replica that got farthest tells its
 * status. Without any that is active the run waits as `pending`: scaled to zero, or to be retried.
 */
export const runNow = (replicas: readonly ReplicaNow[]): RunNow => {
  const states = replicas.map((replica) => ({ ...replica, settled: settled(replica) }))
  const failed = states.filter((one) => one.settled === 'failed')
  const ended = (reason: RunEnd): RunNow => ({ status: 'terminating', reason, resubmit: [] })
  if (failed.some(({ retry }) => retry === 'no')) return ended('job-failed')
  if (failed.some(({ retry }) => retry === 'exhausted')) return ended('retry-limit-exceeded')
  if (states.some((one) => one.reason === 'max-duration-exceeded')) {
    return ended('max-duration-exceeded')
  }
  const resubmit = failed
    .filter(({ status }) => isFinalReplica(status))
    .map(({ replica }) => replica)
  const reached = byProgress.find((step) => states.some((one) => progressOf(one.settled) === step))
  if (reached !== undefined) return { status: reached, reason: null, resubmit }
  const isDone = states.some((one) => one.settled === 'done')
  if (isDone && failed.length === 0) return ended('all-jobs-done')
  return { status: 'pending', reason: null, resubmit }
}

/** What the store holds, row by row. Times are milliseconds since 1970. */
import type { FailureClass, FailureScope } from '#domain/launch'
import type { Offer } from '#domain/offer'
import type { RetryPolicy } from '#domain/profile'
import type { Workload } from '#domain/workload'
import type { InstanceStatus, ReplicaEnd, ReplicaStatus, RunEnd, RunStatus } from './statuses.ts'

/** All that is needed to place and replace replicas of a run, whoever does it. Holds secrets. */
export interface RunSpec {
  /** Null for a machine alone, which is launched and then idles in its pool. */
  readonly workload: Workload | null
  readonly replicas: { readonly min: number; readonly max: number }
  readonly retryPolicy: RetryPolicy
  readonly maxDurationSeconds: number | null
  readonly maxPriceNanoUsd: number | null
  readonly diskMib: number | null
  readonly reuse: 'only' | 'first' | 'never'
  /** Null keeps a machine whatever happens. */
  readonly idleSeconds: number | null
  readonly pool: string
  /** A machine of the pool by name; null for any. */
  readonly instanceName: string | null
  /** Offers tried for one submission of a replica, at most. */
  readonly attempts: number
  /** What offers are looked for with, for whoever looks for them; opaque here. */
  readonly request: string
}

export interface Run {
  readonly id: string
  readonly name: string
  readonly status: RunStatus
  readonly reason: RunEnd | null
  readonly spec: RunSpec
  readonly wantedReplicas: number
  readonly submittedMs: number
  readonly endedMs: number | null
}

export interface Replica {
  readonly runId: string
  readonly replica: number
  /** From 0; a retry is a new one. */
  readonly submission: number
  readonly status: ReplicaStatus
  readonly reason: ReplicaEnd | null
  /** For a person: what the reason does not say. */
  readonly message: string | null
  readonly exitCode: number | null
  readonly instanceId: string | null
  /** In a row, since it last ran. */
  readonly failures: number
  /** The first submission since it last ran. */
  readonly retrySinceMs: number
  readonly firstFailedMs: number | null
  readonly submittedMs: number
  /** When its command started. */
  readonly runningMs: number | null
  readonly changedMs: number
}

/**
 * `intended` is written before anything is asked for, `sent` before the one call that makes a
 * machine; `unclear` is a call whose outcome nobody knows. `known` has an instance, `failed` none.
 */
type AttemptState = 'intended' | 'sent' | 'unclear' | 'known' | 'failed'

export interface Attempt {
  /** Lower-case ULID: also what the machine is tagged with. */
  readonly id: string
  readonly runId: string
  readonly replica: number
  readonly submission: number
  /** From 1, in the order of the offers tried. */
  readonly number: number
  readonly backend: string
  readonly offer: Offer
  readonly state: AttemptState
  readonly class: FailureClass | null
  readonly scope: FailureScope | null
  readonly code: string | null
  readonly message: string | null
  readonly startedMs: number
  readonly sentMs: number | null
  readonly endedMs: number | null
}

export interface Instance {
  /** The id of the attempt that made it. */
  readonly id: string
  readonly name: string
  readonly backend: string
  readonly refId: string
  readonly region: string | null
  readonly zone: string | null
  readonly status: InstanceStatus
  readonly reason: string | null
  readonly pool: string
  readonly offer: Offer
  /** Whose replica it serves; null for an idle one. */
  readonly runId: string | null
  readonly replica: number | null
  readonly idleSeconds: number | null
  readonly rateNanoUsd: number | null
  readonly serviceHost: string | null
  readonly servicePort: number | null
  readonly sshHost: string | null
  readonly sshPort: number | null
  readonly createdMs: number
  readonly idleSinceMs: number | null
  readonly seenMs: number | null
  readonly expiresMs: number
  readonly endedMs: number | null
}

/** Nobody knows yet what becomes of it. */
export const isOpenAttempt = ({ state }: Attempt): boolean =>
  state === 'intended' || state === 'sent' || state === 'unclear'

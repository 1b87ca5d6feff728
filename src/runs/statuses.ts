/** What runs and replicas go through, and why they end. Statuses are dstack's (0.18). */

export type RunStatus =
  | 'pending'
  | 'submitted'
  | 'provisioning'
  | 'running'
  | 'terminating'
  | 'done'
  | 'failed'
  | 'terminated'

export type ReplicaStatus =
  | 'submitted'
  | 'provisioning'
  | 'pulling'
  | 'running'
  | 'terminating'
  | 'done'
  | 'failed'
  | 'terminated'
  | 'aborted'

type FinalReplicaStatus = Extract<ReplicaStatus, 'done' | 'failed' | 'terminated' | 'aborted'>

/** Why a replica ends, and the status that it ends in. */
const replicaEnds = {
  'done-by-runner': 'done',
  'failed-to-start-due-to-no-capacity': 'failed',
  'interrupted-by-no-capacity': 'failed',
  'waiting-instance-limit-exceeded': 'failed',
  'waiting-runner-limit-exceeded': 'failed',
  'container-exited-with-error': 'failed',
  'ports-binding-failed': 'failed',
  'creating-container-error': 'failed',
  'gateway-error': 'failed',
  'executor-error': 'failed',
  'price-above-limit': 'failed',
  'terminated-by-user': 'terminated',
  'max-duration-exceeded': 'terminated',
  'scaled-down': 'terminated',
  'terminated-by-server': 'terminated',
  'aborted-by-user': 'aborted',
} as const satisfies Record<string, FinalReplicaStatus>

export type ReplicaEnd = keyof typeof replicaEnds

export const finalStatusOf = (reason: ReplicaEnd): FinalReplicaStatus => replicaEnds[reason]

/** Why a run ends, and the status that it ends in. */
const runEnds = {
  'all-jobs-done': 'done',
  'job-failed': 'failed',
  'retry-limit-exceeded': 'failed',
  'server-error': 'failed',
  'stopped-by-user': 'terminated',
  'aborted-by-user': 'terminated',
  'max-duration-exceeded': 'terminated',
} as const satisfies Record<string, RunStatus>

export type RunEnd = keyof typeof runEnds

export const finalRunStatusOf = (reason: RunEnd): RunStatus => runEnds[reason]

export const isFinalRun = (status: RunStatus): boolean =>
  status === 'done' || status === 'failed' || status === 'terminated'

export const isFinalReplica = (status: ReplicaStatus): boolean =>
  status === 'done' || status === 'failed' || status === 'terminated' || status === 'aborted'

/** Holds, or is about to hold, a machine. */
export const isActiveReplica = (status: ReplicaStatus): boolean =>
  !isFinalReplica(status) && status !== 'terminating'

export type InstanceStatus = 'provisioning' | 'idle' | 'busy' | 'terminating' | 'terminated'

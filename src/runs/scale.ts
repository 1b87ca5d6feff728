/** Which replicas to stop, to submit anew and to add, for another number of them. */
import { isActiveReplica, type ReplicaStatus } from './statuses.ts'

export interface ScalableReplica {
  readonly replica: number
  readonly status: ReplicaStatus
}

export interface ScaleSteps {
  readonly stop: readonly number[]
  readonly resubmit: readonly number[]
  readonly add: readonly number[]
}

/** The less has been put into a replica, the sooner it goes; of equal ones the highest number. */
const invested: Partial<Record<ReplicaStatus, number>> = {
  submitted: 0,
  provisioning: 1,
  pulling: 1,
  running: 2,
}

const cheapestToLose = (left: ScalableReplica, right: ScalableReplica): number =>
  (invested[left.status] ?? 0) - (invested[right.status] ?? 0) || right.replica - left.replica

const ascending = (numbers: readonly number[]): readonly number[] =>
  numbers.toSorted((left, right) => left - right)

/** `wanted` is within the limits of the run, which the caller has checked. */
export const scaleTo = (replicas: readonly ScalableReplica[], wanted: number): ScaleSteps => {
  const active = replicas.filter(({ status }) => isActiveReplica(status))
  const surplus = active.length - wanted
  if (surplus >= 0) {
    const stop = active.toSorted(cheapestToLose).slice(0, surplus)
    return { stop: ascending(stop.map(({ replica }) => replica)), resubmit: [], add: [] }
  }
  const inactive = replicas.filter(
    ({ status }) => !isActiveReplica(status) && status !== 'terminating',
  )
  const resubmit = ascending(inactive.map(({ replica }) => replica)).slice(0, -surplus)
  const first = Math.max(-1, ...replicas.map(({ replica }) => replica)) + 1
  const missing = -surplus - resubmit.length
  return { stop: [], resubmit, add: Array.from({ length: missing }, (_, at) => first + at) }
}

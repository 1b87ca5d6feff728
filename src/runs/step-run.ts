/** One step of one run: its number of replicas, each replica, and what that makes of the run. */
import type { Hands, OnTrouble } from './hands.ts'
import { releaseReplica } from './let-go.ts'
import { placeReplica } from './place-replica.ts'
import { retryOf, type Retry } from './retry.ts'
import type { Replica, Run } from './rows.ts'
import { runNow, type ReplicaNow } from './run-status.ts'
import { scaleTo } from './scale.ts'
import {
  finalRunStatusOf,
  finalStatusOf,
  isActiveReplica,
  isFinalReplica,
  type ReplicaEnd,
  type RunEnd,
} from './statuses.ts'
import { endReplica, watchReplica } from './watch-replica.ts'

/** The first submission of a replica, or the one after another. */
export const newSubmission = (
  runId: string,
  replica: number,
  nowMs: number,
  before: Replica | null = null,
): Replica => {
  const failed = before?.status === 'failed' ? before : null
  return {
    runId,
    replica,
    submission: before === null ? 0 : before.submission + 1,
    status: 'submitted',
    reason: null,
    message: null,
    exitCode: null,
    instanceId: null,
    failures: failed === null ? 0 : failed.failures + 1,
    retrySinceMs: failed === null || failed.runningMs !== null ? nowMs : failed.retrySinceMs,
    firstFailedMs: failed === null ? null : (failed.firstFailedMs ?? failed.changedMs),
    submittedMs: nowMs,
    runningMs: null,
    changedMs: nowMs,
  }
}

const stepReplica = async (hands: Hands, run: Run, replica: Replica): Promise<void> => {
  switch (replica.status) {
    case 'submitted':
      return placeReplica(hands, run, replica)
    case 'provisioning':
    case 'pulling':
    case 'running':
      return watchReplica(hands, run, replica)
    case 'terminating':
      return releaseReplica(hands, replica)
    case 'done':
    case 'failed':
    case 'terminated':
    case 'aborted':
      return undefined
  }
}

const retryNow = ({ spec }: Run, replica: Replica): Retry => {
  if (replica.reason === null) return { kind: 'no' }
  return retryOf(
    {
      reason: replica.reason,
      failures: replica.failures + 1,
      failedAtMs: replica.changedMs,
      submittedAtMs: replica.retrySinceMs,
      firstFailedAtMs: replica.firstFailedMs ?? replica.changedMs,
    },
    spec.retryPolicy,
  )
}

const asNow = (run: Run, replica: Replica): ReplicaNow => {
  const { kind } = retryNow(run, replica)
  return {
    replica: replica.replica,
    status: replica.status,
    reason: replica.reason,
    retry: kind === 'at' ? 'now-or-later' : kind,
  }
}

/** Waits for its next try: nothing is running that would be lost with it. */
const isWaiting = ({ status }: Replica): boolean => status === 'failed'

/** It keeps its place: what failed comes back when its wait is over, not as another replica now. */
const willBeHeld = ({ status, reason }: Replica): boolean => {
  if (status !== 'terminating' || reason === null) return false
  const end = finalStatusOf(reason)
  return end === 'failed' || end === 'done'
}

const submitAll = (
  { store, clock }: Hands,
  run: Run,
  numbers: readonly number[],
  before: readonly Replica[],
): void => {
  for (const number of numbers) {
    const last = before.find(({ replica }) => replica === number) ?? null
    store.addReplica(newSubmission(run.id, number, clock.nowMs(), last))
  }
}

/**
 * Stops the surplus, those first that wait for another try; replicas of a run that was scaled up are
 * submitted, anew or for the first time. What failed comes again when the retry policy says so, and
 * what is done does not.
 */
const scale = (hands: Hands, run: Run): void => {
  const { store } = hands
  store.atomically(() => {
    const replicas = store.replicas(run.id)
    const held = replicas.filter((one) => one.status === 'failed' || one.status === 'done')
    const active = replicas.filter(({ status }) => isActiveReplica(status))
    const surplus = Math.max(0, active.length + held.length - run.wantedReplicas)
    const givenUp = surplus === 0 ? [] : held.filter(isWaiting).slice(-surplus)
    for (const replica of givenUp) {
      store.changeReplica(replica, { status: 'terminated', reason: 'scaled-down' })
    }
    const wanted = Math.max(0, run.wantedReplicas - (held.length - givenUp.length))
    const ending = replicas.filter(willBeHeld).length
    const missing = Math.max(0, wanted - active.length)
    const scalable = replicas.filter((one) => !held.includes(one))
    const steps = scaleTo(scalable, wanted - Math.min(ending, missing))
    for (const replica of replicas) {
      if (steps.stop.includes(replica.replica)) endReplica(hands, replica, 'scaled-down')
    }
    const next = Math.max(-1, ...replicas.map(({ replica }) => replica)) + 1
    const added = steps.add.map((_, at) => next + at)
    submitAll(hands, run, [...steps.resubmit, ...added], replicas)
  })
}

const resubmitDue = ({ store, clock }: Hands, run: Run, numbers: readonly number[]): void => {
  const nowMs = clock.nowMs()
  for (const replica of store.replicas(run.id)) {
    if (!numbers.includes(replica.replica)) continue
    const retry = retryNow(run, replica)
    if (retry.kind !== 'at' || retry.atMs > nowMs) continue
    store.addReplica(newSubmission(run.id, replica.replica, nowMs, replica))
  }
}

const replicaEndOf: Readonly<Record<RunEnd, ReplicaEnd>> = {
  'stopped-by-user': 'terminated-by-user',
  'aborted-by-user': 'aborted-by-user',
  'all-jobs-done': 'terminated-by-server',
  'job-failed': 'terminated-by-server',
  'retry-limit-exceeded': 'terminated-by-server',
  'server-error': 'terminated-by-server',
  'max-duration-exceeded': 'max-duration-exceeded',
}

const endAll = (hands: Hands, run: Run): void => {
  const reason = replicaEndOf[run.reason ?? 'server-error']
  for (const replica of hands.store.replicas(run.id)) {
    if (isActiveReplica(replica.status)) endReplica(hands, replica, reason)
  }
}

/** Nothing is left to do for a run once its replicas are over and no attempt of it is open. */
const isSettled = ({ store }: Hands, run: Run): boolean =>
  store.replicas(run.id).every(({ status }) => isFinalReplica(status)) &&
  !store.unsettledAttempts().some(({ runId }) => runId === run.id)

const stepReplicas = (hands: Hands, run: Run, onTrouble: OnTrouble): Promise<unknown> =>
  Promise.all(
    hands.store.replicas(run.id).map(async (replica) => {
      try {
        await stepReplica(hands, run, replica)
      } catch (error) {
        onTrouble(`${run.name} replica ${replica.replica}`, error)
      }
    }),
  )

/** What its replicas make of the run. Somebody may have stopped or scaled it meanwhile. */
const conclude = (hands: Hands, id: string): void => {
  const { store, clock } = hands
  store.atomically(() => {
    const run = store.run(id)
    if (run === null || run.endedMs !== null) return
    if (run.status === 'terminating') {
      if (!isSettled(hands, run)) return
      const status = finalRunStatusOf(run.reason ?? 'server-error')
      store.changeRun(run, { status, endedMs: clock.nowMs() })
      return
    }
    const { status, reason, resubmit } = runNow(
      store.replicas(id).map((replica) => asNow(run, replica)),
    )
    if (status !== run.status) store.changeRun(run, { status, reason })
    if (status !== 'terminating') resubmitDue(hands, run, resubmit)
  })
}

export const stepRun = async (hands: Hands, run: Run, onTrouble: OnTrouble): Promise<void> => {
  if (run.status === 'terminating') endAll(hands, run)
  else scale(hands, run)
  await stepReplicas(hands, run, onTrouble)
  conclude(hands, run.id)
}

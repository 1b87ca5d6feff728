import { parseDuration } from '#configuration/duration'
import type { RetryPolicy } from '#domain/profile'
import { type ReplicaNow, runNow } from '#runs/run-status'
import { type Retry, retryOf } from '#runs/retry'
import { type Chapter, skipped, type VectorResult } from './chapter.ts'
import { attempt, idOf, judge, tierSkip, vectorsOf } from './compare.ts'
import { type Json, number, record, records } from './json.ts'
import { replicaEnd, replicaStatus } from './run-words.ts'

/** Any moment will do: ages are told, not times. */
const nowMs = 1_000_000_000_000

const policyOf = (configuration: Json): RetryPolicy => {
  const said = record(configuration['retry'] ?? {})
  const { duration } = said
  return {
    retry: said['retry'] === true || duration !== undefined,
    durationSeconds: duration === undefined ? null : parseDuration(duration),
  }
}

/** A replica that has failed just now, for the first time. */
const retryNow = (job: Json, policy: RetryPolicy): Retry => {
  const reason = replicaEnd(job['reason'])
  if (reason === null) return { kind: 'no' }
  const submittedAtMs = nowMs - number(job['age'] ?? 0) * 1000
  const times = { failedAtMs: nowMs, firstFailedAtMs: nowMs, submittedAtMs }
  return retryOf({ reason, failures: 1, ...times }, policy)
}

/** The newest submission of each. */
const newest = (jobs: readonly Json[]): readonly Json[] => {
  const byReplica = new Map<number, Json>()
  for (const job of jobs) {
    const before = byReplica.get(number(job['replica']))
    const isNewer = number(job['sub'] ?? 0) >= number(before?.['sub'] ?? 0)
    if (isNewer) byReplica.set(number(job['replica']), job)
  }
  return [...byReplica.values()]
}

const statusOf = (vector: Json): Json => {
  const policy = policyOf(record(vector['configuration']))
  const jobs = newest(records(vector['jobs']))
  const due = new Set<number>()
  const replicas = jobs.map((job): ReplicaNow => {
    const retry = retryNow(job, policy)
    const replica = number(job['replica'])
    if (retry.kind === 'at' && retry.atMs <= nowMs) due.add(replica)
    return {
      replica,
      status: replicaStatus(job['status']),
      reason: replicaEnd(job['reason']),
      retry: retry.kind === 'at' ? 'now-or-later' : retry.kind,
    }
  })
  const { status, reason, resubmit } = runNow(replicas)
  return {
    status,
    termination_reason: reason?.replaceAll('-', '_') ?? null,
    resubmitted_replicas: resubmit.filter((replica) => due.has(replica)),
  }
}

const run = (vector: Json): VectorResult => {
  const id = idOf(vector)
  const skip = tierSkip(vector)
  if (skip !== null) return skipped(id, skip)
  const { status, termination_reason, resubmitted_replicas } = vector
  return judge(
    id,
    { value: { status, termination_reason, resubmitted_replicas } },
    attempt(() => statusOf(vector)),
  )
}

/** What the replicas of a run make of its status. */
export const runStatus: Chapter = {
  file: 'run_status.json',
  needs: [],
  *run(file) {
    for (const vector of vectorsOf(file)) yield run(vector)
  },
}

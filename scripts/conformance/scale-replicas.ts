import { scaleTo } from '#runs/scale'
import { isActiveReplica } from '#runs/statuses'
import { checkReplicas } from '#runs/submit'
import { type Chapter, skipped, type VectorResult } from './chapter.ts'
import { attempt, idOf, judge, tierSkip, vectorsOf } from './compare.ts'
import { type Json, number, records } from './json.ts'
import { replicaStatus } from './run-words.ts'

const stepsOf = (vector: Json): Json => {
  const replicas = records(vector['replicas']).map((one) => ({
    replica: number(one['replica']),
    status: replicaStatus(one['status']),
  }))
  const active = replicas.filter(({ status }) => isActiveReplica(status)).length
  const wanted = active + number(vector['diff'])
  checkReplicas('vector', { min: number(vector['min']), max: number(vector['max']) }, wanted)
  const { stop, resubmit, add } = scaleTo(replicas, wanted)
  return { stopped: stop, resubmitted: resubmit, new_replica_nums: add }
}

const run = (vector: Json): VectorResult => {
  const id = idOf(vector)
  const skip = tierSkip(vector)
  if (skip !== null) return skipped(id, skip)
  const { stopped, resubmitted, new_replica_nums, error } = vector
  const expected = error === null ? { value: { stopped, resubmitted, new_replica_nums } } : null
  return judge(
    id,
    expected,
    attempt(() => stepsOf(vector)),
  )
}

/** Which replicas are stopped, submitted anew and added for another number of them. */
export const scaleReplicas: Chapter = {
  file: 'scale_replicas.json',
  needs: [],
  *run(file) {
    for (const vector of vectorsOf(file)) yield run(vector)
  },
}

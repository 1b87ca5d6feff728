import { decide } from '#autoscaler/decide'
import { skipped, type Chapter, type VectorResult } from './chapter.ts'
import { attempt, idOf, judge, tierSkip, vectorsOf } from './compare.ts'
import { number, records, type Json } from './json.ts'

/** Any moment will do: ages are told, not times. */
const nowMs = 1_000_000_000

const diffOf = (vector: Json): number => {
  const replicas = records(vector['replicas']).map((replica) => {
    const { active, age_s: ageSeconds } = replica
    return { isActive: active === true, sinceMs: nowMs - number(ageSeconds) * 1000 }
  })
  const { replicas: wanted } = decide({
    limits: { min: number(vector['min']), max: number(vector['max']) },
    scaling: {
      target: number(vector['target']),
      scaleUpDelaySeconds: number(vector['scale_up_delay']),
      scaleDownDelaySeconds: number(vector['scale_down_delay']),
    },
    replicas,
    requests: number(vector['requests_last_60s']),
    nowMs,
  })
  return wanted - replicas.filter(({ isActive }) => isActive).length
}

const run = (vector: Json): VectorResult => {
  const id = idOf(vector)
  const reason = tierSkip(vector)
  if (reason !== null) return skipped(id, reason)
  return judge(
    id,
    { value: vector['diff'] },
    attempt(() => diffOf(vector)),
  )
}

/** How many replicas more or fewer the requests of a minute call for. */
export const autoscaler: Chapter = {
  file: 'autoscaler.json',
  needs: [],
  *run(file) {
    for (const vector of vectorsOf(file)) yield run(vector)
  },
}

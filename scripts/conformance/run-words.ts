/** Statuses and reasons as the vectors spell them. */
import type { ReplicaEnd, ReplicaStatus } from '#runs/statuses'
import { text } from './json.ts'

const statuses: readonly ReplicaStatus[] = [
  'submitted',
  'provisioning',
  'pulling',
  'running',
  'terminating',
  'done',
  'failed',
  'terminated',
  'aborted',
]

const ends: readonly ReplicaEnd[] = [
  'done-by-runner',
  'failed-to-start-due-to-no-capacity',
  'interrupted-by-no-capacity',
  'waiting-instance-limit-exceeded',
  'waiting-runner-limit-exceeded',
  'container-exited-with-error',
  'ports-binding-failed',
  'creating-container-error',
  'gateway-error',
  'executor-error',
  'terminated-by-user',
  'scaled-down',
  'terminated-by-server',
  'aborted-by-user',
]

const among = <T extends string>(words: readonly T[], value: string): T => {
  const found = words.find((one) => one === value)
  if (found === undefined) throw new TypeError(`"${value}" is none of ${words.join(', ')}`)
  return found
}

export const replicaStatus = (value: unknown): ReplicaStatus => among(statuses, text(value))

/** Null where none is given. */
export const replicaEnd = (value: unknown): ReplicaEnd | null =>
  value === undefined || value === null ? null : among(ends, text(value).replaceAll('_', '-'))

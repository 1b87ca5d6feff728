/** Takes a machine that a backend made into the books. */
import type { Created } from '#backends/kit/provisioner'
import { machineName } from '#domain/launch'
import type { Hands } from './hands.ts'
import { expiryMs, ownerOf } from './owner.ts'
import { type Attempt, type Instance, isOpenAttempt, type Replica, type Run } from './rows.ts'
import { isFinalRun } from './statuses.ts'

/** The replica that the attempt was made for, if it still waits for a machine. */
const waiting = (
  { store }: Hands,
  run: Run | null,
  { replica, submission }: Attempt,
): Replica | null => {
  if (run === null || run.status === 'terminating' || isFinalRun(run.status)) return null
  const newest = store.replica(run.id, replica)
  if (newest?.submission !== submission || newest.status !== 'submitted') return null
  return newest.instanceId === null ? newest : null
}

const isTooDear = (run: Run | null, rateNanoUsd: number | null): boolean => {
  const limit = run?.spec.maxPriceNanoUsd ?? null
  return limit !== null && rateNanoUsd !== null && rateNanoUsd > limit
}

const instanceOf = (
  hands: Hands,
  run: Run | null,
  attempt: Attempt,
  { ref, rateNanoUsd }: Created,
): Instance => ({
  id: attempt.id,
  name: machineName({ owner: ownerOf(hands), attempt: attempt.id }),
  backend: attempt.backend,
  refId: ref.id,
  region: ref.region,
  zone: ref.zone,
  status: 'provisioning',
  reason: null,
  pool: run?.spec.pool ?? 'default-pool',
  offer: attempt.offer,
  runId: null,
  replica: null,
  idleSeconds: run?.spec.idleSeconds ?? null,
  rateNanoUsd,
  serviceHost: null,
  servicePort: null,
  sshHost: null,
  sshPort: null,
  createdMs: hands.clock.nowMs(),
  idleSinceMs: null,
  seenMs: null,
  // What its tag says: it was written when the attempt began.
  expiresMs: attempt.startedMs + expiryMs,
  endedMs: null,
})

/** It is in the books only to be destroyed. */
const reject = ({ store, clock }: Hands, instance: Instance, attempt: Attempt, why: string) => {
  store.addInstance({ ...instance, status: 'terminating', reason: why })
  store.changeAttempt(attempt, { state: 'failed', message: why, endedMs: clock.nowMs() })
}

/**
 * One step with the end of the attempt, so that no machine is in no book. Where nobody waits for it
 * any more, or its real rate is above the limit, it is to be destroyed. A machine that is in the
 * books already stays as it is there.
 */
export const adopt = (hands: Hands, { id }: Attempt, created: Created): void => {
  const { store, clock } = hands
  store.atomically(() => {
    const attempt = store.attempt(id)
    if (attempt === null) throw new Error(`the attempt "${id}" is in no book`)
    if (store.instance(id) !== null) {
      if (isOpenAttempt(attempt)) store.changeAttempt(attempt, { state: 'known' })
      return
    }
    const run = store.run(attempt.runId)
    const replica = waiting(hands, run, attempt)
    const instance = instanceOf(hands, run, attempt, created)
    if (isTooDear(run, created.rateNanoUsd)) {
      const dear = store.changeAttempt(attempt, { class: 'offer-gone', scope: 'offer' })
      reject(hands, instance, dear, 'its rate is above max_price')
      return
    }
    if (replica === null) {
      reject(hands, instance, attempt, 'no replica waits for it')
      return
    }
    store.addInstance({ ...instance, runId: replica.runId, replica: replica.replica })
    store.changeAttempt(attempt, { state: 'known', endedMs: clock.nowMs() })
    store.changeReplica(replica, { status: 'provisioning', instanceId: id })
  })
}

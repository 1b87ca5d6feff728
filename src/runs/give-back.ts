/** A machine that never came to run the command: its replica takes the next offer. */
import type { Verdict } from '#domain/launch'
import { failAttempt } from './fail-attempt.ts'
import type { Hands } from './hands.ts'
import type { Attempt, Instance, Replica } from './rows.ts'

/** Of a machine that was reused, the attempt was another replica's, and went well. */
const isOf = ({ runId, replica, submission }: Replica, attempt: Attempt): boolean =>
  attempt.runId === runId && attempt.replica === replica && attempt.submission === submission

export const giveBack = (
  { store, ...hands }: Hands,
  replica: Replica,
  instance: Instance,
  verdict: Verdict,
): void =>
  store.atomically(() => {
    const nobody = { runId: null, replica: null }
    const { message } = verdict
    store.changeInstance(instance, { ...nobody, status: 'terminating', reason: message })
    const attempt = store.attempt(instance.id)
    if (attempt && isOf(replica, attempt)) failAttempt({ ...hands, store }, attempt, verdict)
    store.changeReplica(replica, { status: 'submitted', instanceId: null, message })
  })

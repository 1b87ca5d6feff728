/** A replica that runs, and cannot be reached by whoever serves its requests. */
import type { Replica } from './rows.ts'
import type { Store } from './store.ts'
import { endReplica } from './watch-replica.ts'

/** The retry policy decides what comes next. Nothing happens where it runs elsewhere by now. */
export const giveUpReplica = (
  store: Store,
  { runId, replica, instanceId }: Pick<Replica, 'runId' | 'replica' | 'instanceId'>,
  message: string,
): void =>
  store.atomically(() => {
    const now = store.replica(runId, replica)
    if (now?.status !== 'running' || now.instanceId !== instanceId) return
    endReplica({ store }, now, 'gateway-error', { message })
  })

/** Idle machines that are lost, are lost to the pool as well. */
import type { Hands, OnTrouble } from './hands.ts'
import type { Instance } from './rows.ts'
import { isLost, refOf, remember } from './watch-replica.ts'

/** Nobody waits for them: they are looked at less often. */
const everyMs = 60_000

const look = async (hands: Hands, instance: Instance): Promise<void> => {
  const { store, signal } = hands
  const backend = await hands.backend(instance.backend)
  if (backend === null) return
  const io = backend.io(() => undefined, signal)
  const seen = await backend.provisioner.observe(io, refOf(instance))
  store.atomically(() => {
    const now = remember(hands, instance.id, seen)
    if (now?.status !== 'idle' || !isLost(seen)) return
    const reason = seen.cause?.message ?? 'the machine is gone'
    store.changeInstance(now, { status: 'terminating', reason })
  })
}

export const watchIdle = async (hands: Hands, onTrouble: OnTrouble): Promise<void> => {
  const { store, clock } = hands
  const due = store
    .instances()
    .filter(({ status, seenMs }) => status === 'idle' && clock.nowMs() - (seenMs ?? 0) >= everyMs)
  await Promise.all(
    due.map(async (instance) => {
      try {
        await look(hands, instance)
      } catch (error) {
        onTrouble(instance.name, error)
      }
    }),
  )
}

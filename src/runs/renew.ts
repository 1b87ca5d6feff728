/** Keeps machines that are in use from expiring. */
import { printInstant } from '#platform/http-time'
import type { Hands, OnTrouble } from './hands.ts'
import { expiryMs, ownerOf } from './owner.ts'
import type { Instance } from './rows.ts'
import { refOf } from './watch-replica.ts'

const isDue = ({ clock }: Hands, { status, expiresMs }: Instance): boolean =>
  status !== 'terminating' && status !== 'terminated' && expiresMs - clock.nowMs() < expiryMs / 2

const renew = async (hands: Hands, instance: Instance): Promise<void> => {
  const { store, clock, signal } = hands
  const expiresMs = clock.nowMs() + expiryMs
  const backend = await hands.backend(instance.backend)
  if (backend === null) return
  const run = instance.runId === null ? null : store.run(instance.runId)
  await backend.provisioner.renew?.(
    backend.io(() => undefined, signal),
    refOf(instance),
    {
      owner: ownerOf(hands),
      run: run?.name ?? '',
      attempt: instance.id,
      expiresAt: printInstant(expiresMs),
    },
  )
  store.changeInstance(instance, { expiresMs })
}

export const renewExpiries = async (hands: Hands, onTrouble: OnTrouble): Promise<void> => {
  const due = hands.store.instances().filter((instance) => isDue(hands, instance))
  await Promise.all(
    due.map(async (instance) => {
      try {
        await renew(hands, instance)
      } catch (error) {
        onTrouble(instance.name, error)
      }
    }),
  )
}

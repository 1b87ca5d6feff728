/** Machines that a replica has done with: back to the pool, or destroyed until that is certain. */
import type { BackendHands, Hands, OnTrouble } from './hands.ts'
import type { NotedObject } from './machine-rows.ts'
import type { Instance, Replica } from './rows.ts'
import { finalStatusOf, type ReplicaEnd } from './statuses.ts'
import { mayBeHidden } from './visibility.ts'
import { refOf } from './watch-replica.ts'

/** Ends that say nothing bad about the machine. */
const keepsMachine: ReadonlySet<ReplicaEnd> = new Set<ReplicaEnd>([
  'done-by-runner',
  'container-exited-with-error',
  'terminated-by-user',
  'max-duration-exceeded',
  'scaled-down',
  'aborted-by-user',
])

/** Whether the machine can serve another replica: it is more than its workload, and may stay. */
const staysIdle = (
  { provisioner }: BackendHands,
  { idleSeconds, status }: Instance,
  reason: ReplicaEnd,
): boolean =>
  provisioner.traits.runtime === 'vm' &&
  keepsMachine.has(reason) &&
  status === 'busy' &&
  idleSeconds !== 0

const stopWorkload = async (hands: Hands, backend: BackendHands, instance: Instance) => {
  const { sshHost, sshPort } = instance
  if (hands.machines !== null && sshHost !== null && sshPort !== null) {
    await hands.machines.stop(instance, { host: sshHost, port: sshPort })
  }
  const io = backend.io(() => undefined, hands.signal)
  await backend.provisioner.stopWorkload?.(io, refOf(instance))
}

const finish = ({ store }: Hands, replica: Replica): void => {
  const reason = replica.reason ?? 'terminated-by-server'
  store.changeReplica(replica, { status: finalStatusOf(reason) })
}

/** It may have been told to go, or not to stay, while its command was being stopped. */
const makeIdle = (hands: Hands, replica: Replica, id: string): void => {
  const { store, clock } = hands
  store.atomically(() => {
    const instance = store.instance(id)
    if (instance?.status !== 'busy' || instance.idleSeconds === 0) return
    const idle = { runId: null, replica: null, idleSinceMs: clock.nowMs() }
    store.changeInstance(instance, { ...idle, status: 'idle' })
    finish(hands, replica)
  })
}

const discard = ({ store }: Hands, instance: Instance, reason: string): void => {
  if (instance.status === 'terminating') return
  store.changeInstance(instance, { status: 'terminating', reason })
}

/** No request is cut because there are fewer to come: it goes once the last one has been answered. */
const isServing = ({ drain }: Hands, { reason, instanceId }: Replica): boolean =>
  reason === 'scaled-down' && instanceId !== null && (drain?.(instanceId) ?? 0) > 0

const isOf = ({ runId, replica }: Replica, instance: Instance): boolean =>
  instance.runId === runId && instance.replica === replica

/** A replica in `terminating`; one step. It has ended once its machine is idle or gone. */
export const releaseReplica = async (hands: Hands, replica: Replica): Promise<void> => {
  const instance = hands.store.instance(replica.instanceId ?? '')
  if (instance === null || instance.endedMs !== null || !isOf(replica, instance)) {
    finish(hands, replica)
    return
  }
  if (isServing(hands, replica)) return
  const backend = await hands.backend(instance.backend)
  const reason = replica.reason ?? 'terminated-by-server'
  if (backend === null || !staysIdle(backend, instance, reason)) {
    discard(hands, instance, reason)
    return
  }
  try {
    await stopWorkload(hands, backend, instance)
  } catch (error) {
    // What may still be running there must not meet the next replica.
    discard(hands, instance, 'its command could not be stopped')
    throw error
  }
  makeIdle(hands, replica, instance.id)
}

const isIdleTooLong = ({ clock }: Hands, { idleSinceMs, idleSeconds }: Instance): boolean =>
  idleSinceMs !== null && idleSeconds !== null && clock.nowMs() - idleSinceMs >= idleSeconds * 1000

/** Those that no machine, and no attempt that may still have one, needs. */
const needless = ({ store }: Hands, name: string): readonly NotedObject[] => {
  const using = [
    ...store.instances().filter(({ backend }) => backend === name),
    ...store.unsettledAttempts().filter(({ backend }) => backend === name),
  ]
  const ids = new Set(using.map(({ id }) => id))
  return store
    .sideObjects()
    .filter(({ backend }) => backend === name)
    .filter(({ isShared, attemptId }) => (isShared ? ids.size === 0 : !ids.has(attemptId)))
}

const destroySideObjects = async (hands: Hands, backend: BackendHands, name: string) => {
  const { store, clock, signal } = hands
  for (const object of needless(hands, name)) {
    const io = backend.io(() => undefined, signal)
    const answer = await backend.provisioner.destroySideObject(io, object)
    if (answer === 'gone') store.sideObjectGone(name, object, clock.nowMs())
  }
}

const destroy = async (hands: Hands, backend: BackendHands, instance: Instance): Promise<void> => {
  const { store, clock, signal } = hands
  const { provisioner } = backend
  const io = backend.io(() => undefined, signal)
  const askedMs = clock.nowMs()
  const answer = await provisioner.destroy(io, refOf(instance))
  if (answer === 'gone' && !mayBeHidden(provisioner.traits, instance, askedMs)) {
    store.changeInstance(instance, { status: 'terminated', endedMs: clock.nowMs() })
  }
}

const endIdle = (hands: Hands): void => {
  const { store } = hands
  store.atomically(() => {
    for (const instance of store.instances()) {
      if (instance.status === 'idle' && isIdleTooLong(hands, instance)) {
        store.changeInstance(instance, { status: 'terminating', reason: 'idle timeout' })
      }
    }
  })
}

/** Machines that are to go, and what was made beside those that are gone. One step. */
export const clearInstances = async (hands: Hands, onTrouble: OnTrouble): Promise<void> => {
  const { store } = hands
  endIdle(hands)
  const names = new Set([
    ...store.instances().map(({ backend }) => backend),
    ...store.sideObjects().map(({ backend }) => backend),
  ])
  await Promise.all(
    [...names].map(async (name) => {
      const backend = await hands.backend(name)
      if (backend === null) return
      const going = store
        .instances()
        .filter((one) => one.backend === name && one.status === 'terminating')
      const work = going.map((instance) => () => destroy(hands, backend, instance))
      for (const step of [...work, () => destroySideObjects(hands, backend, name)]) {
        try {
          await step()
        } catch (error) {
          onTrouble(name, error)
        }
      }
    }),
  )
}

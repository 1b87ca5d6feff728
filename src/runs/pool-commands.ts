/** Machines as users keep them: by hand, in pools. */
import { MachineUnknownError } from '#domain/errors'
import type { Instance, Run, RunSpec } from './rows.ts'
import { submitRun, type Chance } from './submit.ts'
import type { Store } from './store.ts'

/** Of one pool, or of all; oldest first. */
export const listPool = (store: Store, pool: string | null): readonly Instance[] =>
  store.instances().filter((one) => pool === null || one.pool === pool)

/**
 * Asks for a machine that nothing runs on: it is launched as any other, and then idles. The run of
 * that name ends when it does.
 */
export const addToPool = (
  store: Store,
  { name, spec }: { readonly name: string; readonly spec: Omit<RunSpec, 'workload'> },
  chance: Chance,
): Run => {
  const machine = { workload: null, replicas: { min: 1, max: 1 }, reuse: 'never' } as const
  return submitRun(store, { name, spec: { ...spec, ...machine } }, chance)
}

const requireMachine = (store: Store, name: string): Instance => {
  const instance = store.instances().find((one) => one.name === name)
  if (instance) return instance
  throw new MachineUnknownError(`there is no machine "${name}"`, {
    hint: 'see `dstack-offers pool list`',
  })
}

/**
 * An idle machine goes; one that serves a replica is drained: it goes when the replica has ended.
 * The reconciler does either.
 */
export const removeFromPool = (store: Store, name: string): 'going' | 'drained' =>
  store.atomically(() => {
    const instance = requireMachine(store, name)
    if (instance.runId !== null) {
      store.changeInstance(instance, { idleSeconds: 0 })
      return 'drained'
    }
    if (instance.status !== 'terminating') {
      store.changeInstance(instance, { status: 'terminating', reason: 'removed from the pool' })
    }
    return 'going'
  })

export interface MachineSettings {
  /** Null keeps it however long it idles. */
  readonly idleSeconds?: number | null
  readonly pool?: string
}

export const setMachine = (store: Store, name: string, settings: MachineSettings): Instance =>
  store.atomically(() => store.changeInstance(requireMachine(store, name), settings))

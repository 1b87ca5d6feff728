/** Runs as users start, scale and stop them. */
import { ArgumentError, RunNameTakenError, RunUnknownError } from '#domain/errors'
import { newId } from './ids.ts'
import type { Run, RunSpec } from './rows.ts'
import { isFinalRun, type RunEnd } from './statuses.ts'
import { newSubmission } from './step-run.ts'
import type { Store } from './store.ts'

/** A host name's label, since the run becomes one at the gateway. */
const namePattern = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/

/** Kept for the gateway's own address. */
const reserved: ReadonlySet<string> = new Set(['gateway'])

const checkName = (name: string): void => {
  if (!namePattern.test(name)) {
    throw new ArgumentError(`"${name}" is no name for a run`, {
      hint: 'use up to 40 lower-case letters, digits and hyphens, beginning with a letter',
    })
  }
  if (reserved.has(name)) throw new ArgumentError(`"${name}" is kept for the gateway itself`)
}

export interface Chance {
  readonly nowMs: number
  readonly random: () => number
}

/** Throws ArgumentError and RunNameTakenError. */
export const submitRun = (
  store: Store,
  { name, spec }: { readonly name: string; readonly spec: RunSpec },
  { nowMs, random }: Chance,
): Run => {
  checkName(name)
  return store.atomically(() => {
    const before = store.runNamed(name)
    if (before !== null && !isFinalRun(before.status)) {
      throw new RunNameTakenError(`a run "${name}" is ${before.status}`, {
        hint: `stop it first, or give another name`,
      })
    }
    const run: Run = {
      id: newId(nowMs, random),
      name,
      status: spec.replicas.min === 0 ? 'pending' : 'submitted',
      reason: null,
      spec,
      wantedReplicas: spec.replicas.min,
      submittedMs: nowMs,
      endedMs: null,
    }
    store.addRun(run)
    for (let replica = 0; replica < run.wantedReplicas; replica++) {
      store.addReplica(newSubmission(run.id, replica, nowMs))
    }
    return run
  })
}

const requireRun = (store: Store, name: string): Run => {
  const run = store.runNamed(name)
  if (run !== null) return run
  throw new RunUnknownError(`there is no run "${name}"`, { hint: 'see `dstack-offers ps -a`' })
}

/** Asks for its end; the reconciler does it. A run that is over stays as it is. */
export const stopRun = (
  store: Store,
  name: string,
  reason: Extract<RunEnd, 'stopped-by-user' | 'aborted-by-user'>,
): Run =>
  store.atomically(() => {
    const run = requireRun(store, name)
    if (isFinalRun(run.status) || run.status === 'terminating') return run
    return store.changeRun(run, { status: 'terminating', reason })
  })

/** Throws ArgumentError for a number outside the run's `replicas`. */
export const checkReplicas = (
  name: string,
  { min, max }: RunSpec['replicas'],
  wanted: number,
): void => {
  if (Number.isInteger(wanted) && wanted >= min && wanted <= max) return
  throw new ArgumentError(`"${name}" has ${min} to ${max} replicas, not "${wanted}"`)
}

/** A run that is over, or about to be, stays as it is. Throws ArgumentError and RunUnknownError. */
export const scaleRun = (store: Store, name: string, wanted: number): Run =>
  store.atomically(() => {
    const run = requireRun(store, name)
    checkReplicas(name, run.spec.replicas, wanted)
    if (isFinalRun(run.status) || run.status === 'terminating') return run
    return store.changeRun(run, { wantedReplicas: wanted })
  })

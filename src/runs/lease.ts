/** One process at a time looks after the runs. */
import { RunsLockedError } from '#domain/errors'
import type { Hands } from './hands.ts'

const leaseName = 'reconciler'

/**
 * A holder that has died keeps the others waiting for so long, where they cannot tell: those of
 * another machine or container, and all where the system does not say when a process began.
 */
export const leaseMs = 20_000

/**
 * Takes or renews the lease. Asked for again in the very transaction that allows a machine to be
 * made, so that a process that was asleep for too long makes none. Throws RunsLockedError.
 */
export const takeLease = ({ store, clock, holder }: Hands): void => {
  const nowMs = clock.nowMs()
  if (store.takeLease(leaseName, holder, nowMs, nowMs + leaseMs)) return
  throw new RunsLockedError('another process looks after the runs', {
    hint: 'wait for it to end, or leave the runs to it',
  })
}

export const dropLease = ({ store, holder }: Hands): void => store.dropLease(leaseName, holder)

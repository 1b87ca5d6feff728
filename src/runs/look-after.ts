/** The loop of whoever looks after the runs: `run` in the foreground, or the server. */
import { RunsLockedError } from '#domain/errors'
import type { Hands, OnTrouble } from './hands.ts'
import { dropLease, leaseMs, takeLease } from './lease.ts'
import { reconcile } from './reconcile.ts'
import type { Store } from './store.ts'
import { sweep } from './sweep.ts'

/** Between two passes, when nothing moves. */
const restMs = 2000

const sweepEveryMs = 10 * 60 * 1000

export interface LookAfterOptions {
  readonly onTrouble: OnTrouble
  /** Between two passes, when nothing moves; ends early where something is wanted at once. */
  readonly rest?: (signal: AbortSignal) => Promise<void>
  /** Asked after each pass; true ends the loop. */
  readonly isEnough: (store: Store) => boolean
  /** After each pass in which something has moved, and while another process makes the passes. */
  readonly onChange?: () => void
}

/** Nothing of ours is left anywhere that is not meant to be: safe to leave. */
export const isAtRest = (store: Store): boolean =>
  store.unsettledAttempts().length === 0 &&
  !store.runs(false).some(({ status }) => status === 'terminating') &&
  !store.instances().some(({ status }) => status === 'terminating')

/** A pass may take longer than the lease lasts. */
const keepLease = async (hands: Hands, signal: AbortSignal): Promise<void> => {
  while (!signal.aborted) {
    await hands.clock.sleep(leaseMs / 4, signal).catch(() => undefined)
    if (!signal.aborted) takeLease(hands)
  }
}

const restOf =
  ({ clock }: Hands): NonNullable<LookAfterOptions['rest']> =>
  (signal) =>
    clock.sleep(restMs, signal)

const passes = async (hands: Hands, options: LookAfterOptions): Promise<void> => {
  const { store, clock, signal } = hands
  const rest = options.rest ?? restOf(hands)
  let sweptMs = -Infinity
  while (!signal.aborted) {
    const before = store.transitionsWritten()
    await reconcile(hands, options.onTrouble)
    if (clock.nowMs() - sweptMs >= sweepEveryMs) {
      sweptMs = clock.nowMs()
      await sweep(hands, options.onTrouble)
    }
    const hasMoved = store.transitionsWritten() !== before
    if (hasMoved) options.onChange?.()
    if (options.isEnough(store)) return
    // What has moved may move on at once: the next offer is tried without a pause.
    if (!hasMoved) await rest(signal).catch(() => undefined)
  }
}

/** Until it is enough, or the signal aborts. Throws RunsLockedError. */
export const lookAfterRuns = async (hands: Hands, options: LookAfterOptions): Promise<void> => {
  takeLease(hands)
  const stop = new AbortController()
  const signal = AbortSignal.any([hands.signal, stop.signal])
  const lost = keepLease(hands, signal)
  try {
    await Promise.race([passes({ ...hands, signal }, options), lost])
  } finally {
    stop.abort()
    dropLease(hands)
  }
}

/**
 * The same for who can wait: another process may do it meanwhile, and if that one has died, its lease
 * is free, or runs out. Ends when it is enough, whoever saw to it, or the signal aborts.
 */
export const lookAfterRunsInTurn = async (
  hands: Hands,
  options: LookAfterOptions & { readonly onWait: () => void },
): Promise<void> => {
  const { store, clock, signal } = hands
  let hasWaited = false
  while (!signal.aborted && !options.isEnough(store)) {
    try {
      await lookAfterRuns(hands, options)
      return
    } catch (error) {
      if (!(error instanceof RunsLockedError)) throw error
      if (!hasWaited) options.onWait()
      hasWaited = true
      options.onChange?.()
      await clock.sleep(restMs, signal).catch(() => undefined)
    }
  }
}

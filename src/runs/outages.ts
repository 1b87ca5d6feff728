/** Machines that their backend shows as running, and that nobody can speak to. */
import type { Hands } from './hands.ts'
import type { Instance } from './rows.ts'

/** After so long without a break, a machine is taken for lost. */
export const cutOffMs = 5 * 60 * 1000

/** Failures further apart are not one: this machine may have been asleep, or offline, between them. */
const unbrokenMs = 2 * 60 * 1000

interface Outage {
  readonly sinceMs: number
  readonly lastMs: number
}

/** By the machine's id. Not on disk: who begins to look after runs waits anew. */
const outages = new WeakMap<Hands, Map<string, Outage>>()

/** Notes that a machine could not be spoken to, and tells whether that has lasted too long. */
export const isCutOff = (hands: Hands, { id }: Instance): boolean => {
  const nowMs = hands.clock.nowMs()
  const known = outages.get(hands) ?? new Map<string, Outage>()
  outages.set(hands, known)
  for (const [other, { lastMs }] of known) if (nowMs - lastMs > unbrokenMs) known.delete(other)
  const sinceMs = known.get(id)?.sinceMs ?? nowMs
  known.set(id, { sinceMs, lastMs: nowMs })
  return nowMs - sinceMs >= cutOffMs
}

export const noteHeard = (hands: Hands, { id }: Instance): void => {
  outages.get(hands)?.delete(id)
}

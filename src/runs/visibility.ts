/**
 * What a backend does not show yet: lists and reads may be behind what was made. `askedMs` is when it
 * was asked, since whoever asked may have slept before looking at the answer.
 */
import type { ProvisionerTraits } from '#backends/kit/provisioner'
import type { Attempt, Instance } from './rows.ts'

/** A call that was cut off may still be worked on at the other end for so long. */
const inFlightMs = 20_000

/** A new machine that no read has shown: "not found" proves nothing. */
export const mayBeHidden = (
  { listConsistencySeconds }: ProvisionerTraits,
  { seenMs, createdMs }: Instance,
  askedMs: number,
): boolean => seenMs === null && askedMs - createdMs < listConsistencySeconds * 1000

/** A machine of this attempt may yet turn up: its absence from a list proves nothing. */
export const mayTurnUp = (
  { listConsistencySeconds }: ProvisionerTraits,
  { sentMs, startedMs }: Attempt,
  askedMs: number,
): boolean => askedMs - (sentMs ?? startedMs) < inFlightMs + listConsistencySeconds * 1000

/** Whose machines these are, and for how long nobody else may take them away. */
import type { Hands } from './hands.ts'
import { newOwner } from './ids.ts'

/** A machine is kept by renewing its expiry; what nobody renews, a reaper may take. */
export const expiryMs = 2 * 60 * 60 * 1000

/** Random, per state file. */
export const ownerOf = ({ store, random, clock }: Hands): string =>
  store.owner(() => newOwner(random), clock.nowMs())

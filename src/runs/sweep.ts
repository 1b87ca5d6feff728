/** From time to time, by whoever looks after the runs: removes what is in no book, and old books. */
import type { Hands, OnTrouble } from './hands.ts'
import { ownerOf } from './owner.ts'
import { type Reaped, reapBackend } from './reaper.ts'

/** How long a run that is over can be looked at. */
const keptMs = 14 * 24 * 60 * 60 * 1000

const reapOwn = async (hands: Hands, name: string): Promise<readonly Reaped[]> => {
  const backend = await hands.backend(name)
  if (backend === null) return []
  const options = { owner: ownerOf(hands), onlyExpired: false, dryRun: false }
  return reapBackend(hands, name, backend, options)
}

/** Only by the holder of the lease. */
export const sweep = async (hands: Hands, onTrouble: OnTrouble): Promise<readonly Reaped[]> => {
  const { store, clock } = hands
  const reaped: Reaped[] = []
  for (const name of store.backendsUsed()) {
    try {
      reaped.push(...(await reapOwn(hands, name)))
    } catch (error) {
      onTrouble(name, error)
    }
  }
  store.prune(clock.nowMs() - keptMs)
  return reaped
}

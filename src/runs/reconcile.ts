/**
 * Brings what is nearer to what is wanted. Everything it knows is in the store; a pass may be cut
 * off anywhere, and the next one goes on from what is written. One process at a time holds the lease.
 */
import type { Hands, OnTrouble } from './hands.ts'
import { takeLease } from './lease.ts'
import { clearInstances } from './let-go.ts'
import { renewExpiries } from './renew.ts'
import type { Run } from './rows.ts'
import { settleAttempts } from './settle-attempt.ts'
import { stepRun } from './step-run.ts'
import { watchIdle } from './watch-idle.ts'

const step = async (hands: Hands, run: Run, onTrouble: OnTrouble): Promise<void> => {
  try {
    await stepRun(hands, run, onTrouble)
  } catch (error) {
    onTrouble(run.name, error)
  }
}

/**
 * One pass over everything. Trouble with one run or backend is told, and does not keep the rest.
 * Throws RunsLockedError.
 */
export const reconcile = async (hands: Hands, onTrouble: OnTrouble): Promise<void> => {
  takeLease(hands)
  await settleAttempts(hands, onTrouble)
  await Promise.all(hands.store.runs(false).map((run) => step(hands, run, onTrouble)))
  await watchIdle(hands, onTrouble)
  await clearInstances(hands, onTrouble)
  await renewExpiries(hands, onTrouble)
}

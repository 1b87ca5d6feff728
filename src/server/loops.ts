/** What the server does again and again, beside answering requests. */
import type { HttpClock } from '#platform/http-time'
import type { Hands, OnTrouble } from '#runs/hands'
import { lookAfterRunsInTurn } from '#runs/look-after'
import type { Nudge } from './nudge.ts'

/** Trouble in one turn is told, and does not keep the next one from coming. */
export const everySoOften = async (
  { clock, signal, everyMs }: { clock: HttpClock; signal: AbortSignal; everyMs: number },
  onTrouble: (error: unknown) => void,
  work: () => void,
): Promise<void> => {
  while (!signal.aborted) {
    try {
      work()
    } catch (error) {
      onTrouble(error)
    }
    await clock.sleep(everyMs, signal).catch(() => undefined)
  }
}

/** Until the signal aborts: trouble with the file of runs is told, and tried again. */
export const keepReconciling = async (
  hands: Hands,
  nudge: Nudge,
  told: { readonly onChange: () => void; readonly onWait: () => void; onTrouble: OnTrouble },
): Promise<void> => {
  while (!hands.signal.aborted) {
    try {
      await lookAfterRunsInTurn(hands, {
        ...told,
        rest: (signal) => nudge.rest(signal),
        isEnough: () => false,
      })
    } catch (error) {
      told.onTrouble('runs', error)
      await nudge.rest(hands.signal)
    }
  }
}

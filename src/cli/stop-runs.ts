/** `stop`: asks for the end of runs and, unless another process does, sees to it. */
import type { Run } from '#api/runs'
import { stopSignals } from '#platform/stop-signals'
import type { StopFlags } from './commands/runs.ts'
import { exitCodes } from './exit-codes.ts'
import { writeNotes } from './notes.ts'
import { visible } from './text-width.ts'
import { troubleText, withRuns } from './with-runs.ts'
import type { World } from './world.ts'

export const stopRuns = async (
  names: readonly string[],
  flags: StopFlags,
  world: World,
): Promise<number> => {
  const { stopRun, lookAfterRunsInTurn, isAtRest, isFinalRun } = await import('#api/runs')
  const stop = stopSignals()
  const { signal } = stop
  const reason = flags.abort === true ? 'aborted-by-user' : 'stopped-by-user'
  const narrate = (line: string): void => world.stdout.write(`${line}\n`)
  try {
    return await withRuns(world, signal, async ({ store, hands }) => {
      const runs: readonly Run[] = names.map((name) => stopRun(store, name, reason))
      const isOver = (): boolean =>
        runs.every(({ id }) => isFinalRun(store.run(id)?.status ?? 'terminated'))
      await lookAfterRunsInTurn(hands, {
        isEnough: () => isOver() && isAtRest(store),
        onTrouble: (where, error) => narrate(`${visible(where)}: ${visible(troubleText(error))}`),
        onWait: () => {
          const note =
            'another process looks after the runs: waiting for it to end these, or to be gone'
          writeNotes('note', [note], world, flags)
        },
      })
      for (const { id, name } of runs) narrate(`${name}  ${store.run(id)?.status ?? 'terminated'}`)
      return exitCodes.done
    })
  } finally {
    stop.forget()
  }
}

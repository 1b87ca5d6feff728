/** `logs`: what a replica writes. */
import { RunUnknownError } from '#domain/errors'
import { stopSignals } from '#platform/stop-signals'
import type { LogsFlags } from './commands/runs.ts'
import { exitCodes } from './exit-codes.ts'
import { writeNotes } from './notes.ts'
import { visible } from './text-width.ts'
import { withRuns } from './with-runs.ts'
import type { World } from './world.ts'

export const printLogs = async (name: string, flags: LogsFlags, world: World): Promise<number> => {
  const { givesLogs, machineOf, logsOf } = await import('#api/runs')
  const stop = stopSignals()
  const { signal } = stop
  try {
    return await withRuns(world, signal, async ({ store, hands }) => {
      const run = store.runNamed(name)
      const machine = run && machineOf(hands, run, flags.replica)
      if (!machine) {
        throw new RunUnknownError(`no replica ${flags.replica} of "${name}" runs`, {
          hint: 'see dstack-offers ps -a',
        })
      }
      if (!(await givesLogs(hands, machine))) {
        const note = `${visible(machine.backend)} gives no output of what runs there`
        writeNotes('note', [note], world, flags)
      }
      const follow = flags.follow === true
      for await (const text of logsOf(hands, machine, { follow, signal })) {
        world.stdout.write(text)
      }
      return exitCodes.done
    })
  } finally {
    stop.forget()
  }
}

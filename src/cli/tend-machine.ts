/** The foreground of a machine that is added to a pool: until it idles, or is not to be had. */
import type * as Room from '#api/runs'
import type { Instance, RunsHere } from '#api/runs'
import { onInterrupts } from '#platform/interrupts'
import { exitCodes } from './exit-codes.ts'
import type { CommonFlags } from './flags.ts'
import { writeNotes } from './notes.ts'
import { runNews } from './run-news.ts'
import { visible } from './text-width.ts'
import { troubleText } from './with-runs.ts'
import type { World } from './world.ts'

interface Tended {
  readonly room: typeof Room
  readonly runs: RunsHere
  readonly id: string
  /** Ends the loop where it is. */
  readonly leave: AbortController
}

const machinesOf = ({ runs: { store }, id }: Tended): readonly Instance[] =>
  store.instances().filter((one) => store.attempt(one.id)?.runId === id)

const isOver = ({ room, runs: { store }, id }: Tended): boolean => {
  const run = store.run(id)
  return (run === null || room.isFinalRun(run.status)) && room.isAtRest(store)
}

const giveUp = (tended: Tended): void => {
  const { room, runs, id } = tended
  const run = runs.store.run(id)
  if (run !== null) room.stopRun(runs.store, run.name, 'stopped-by-user')
  for (const { name } of machinesOf(tended)) room.removeFromPool(runs.store, name)
}

const interruptsOf = (tended: Tended, narrate: (line: string) => void): (() => void) =>
  onInterrupts((count) => {
    if (count === 1) {
      narrate('giving it up; once more leaves it as it is, in the books')
      giveUp(tended)
      return
    }
    narrate('left as it is: dstack-offers pool list shows it, dstack-offers pool remove ends it')
    tended.leave.abort()
  })

/** Nobody counts the time of a machine while nobody looks after the runs. */
const whatEndsIt = ({ name, idleSeconds }: Instance): string => {
  const now = `dstack-offers pool remove ${visible(name)} ends it`
  if (idleSeconds === null) return `it stays, and costs money, until told otherwise: ${now}`
  return `after ${idleSeconds} s whoever looks after the runs then ends it, a run or dstack-offers server; ${now} at once`
}

const tell = (tended: Tended, world: World, flags: CommonFlags): number => {
  const idle = machinesOf(tended).filter(({ status }) => status === 'idle')
  for (const machine of idle) {
    world.stdout.write(`${visible(machine.name)} idles in ${visible(machine.pool)}\n`)
    writeNotes('note', [whatEndsIt(machine)], world, flags)
  }
  const status = tended.runs.store.run(tended.id)?.status
  return status === 'failed' ? exitCodes.noOffers : exitCodes.done
}

export const tendMachine = async (
  tended: Tended,
  world: World,
  flags: CommonFlags,
): Promise<number> => {
  const { room, runs, id, leave } = tended
  const narrate = (line: string): void => world.stderr.write(`${line}\n`)
  const news = runNews(runs, id)
  const tellNews = (): void => news().forEach(narrate)
  const forget = interruptsOf(tended, narrate)
  try {
    await room.lookAfterRunsInTurn(runs.hands, {
      isEnough: () => isOver(tended),
      onChange: tellNews,
      onWait: () => narrate('another process looks after the runs: it launches this one too'),
      onTrouble: (where, error) => narrate(`${visible(where)}: ${visible(troubleText(error))}`),
    })
    tellNews()
  } finally {
    forget()
    leave.abort()
  }
  return tell(tended, world, flags)
}

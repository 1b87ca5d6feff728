/** The foreground of a run: until it is over and its machines are gone, or told twice to leave. */
import type * as Room from '#api/runs'
import type { RunsHere } from '#api/runs'
import { onInterrupts } from '#platform/interrupts'
import { exitCodes } from './exit-codes.ts'
import { runNews } from './run-news.ts'
import { servedRun } from './serve-run.ts'
import { visible } from './text-width.ts'
import { troubleText } from './with-runs.ts'
import type { World } from './world.ts'

export interface Tended {
  readonly room: typeof Room
  readonly runs: RunsHere
  readonly id: string
  readonly localPort: number | null
  /** It was told to end before it was tended. */
  readonly isStopped: boolean
  /** Ends the loop where it is. */
  readonly leave: AbortController
}

const idleOf = ({ runs: { store }, id }: Tended) =>
  store.instances().filter((one) => one.status === 'idle' && store.attempt(one.id)?.runId === id)

/** Nobody ends an idle machine while nobody looks: so long as one is to go, this stays. */
const isOver = (tended: Tended): boolean => {
  const { room, runs, id } = tended
  const run = runs.store.run(id)
  if (run !== null && !room.isFinalRun(run.status)) return false
  return room.isAtRest(runs.store) && idleOf(tended).every((one) => one.idleSeconds === null)
}

/** The run ends, and what it would leave idle goes as well. */
const stopAll = (tended: Tended): void => {
  const { room, runs, id } = tended
  const run = runs.store.run(id)
  if (run !== null) room.stopRun(runs.store, run.name, 'stopped-by-user')
  for (const { name } of runs.store.instances().filter((one) => one.runId === id)) {
    room.removeFromPool(runs.store, name)
  }
  for (const { name } of idleOf(tended)) room.removeFromPool(runs.store, name)
}

const interruptsOf = (tended: Tended, narrate: (line: string) => void): (() => void) => {
  let isStopping = false
  const interrupt = (): void => {
    if (isStopping) {
      narrate('left as it is: dstack-offers ps shows it, dstack-offers stop ends it')
      tended.leave.abort()
      return
    }
    isStopping = true
    narrate('stopping; once more leaves it as it is, in the books')
    stopAll(tended)
  }
  if (tended.isStopped) interrupt()
  return onInterrupts(interrupt)
}

export const tendRun = async (tended: Tended, world: World): Promise<number> => {
  const { room, runs, id, leave } = tended
  const narrate = (line: string): void => world.stderr.write(`${line}\n`)
  const news = runNews(runs, id)
  const write = (text: string): void => world.stdout.write(text)
  const served = servedRun({ ...tended, signal: leave.signal, write })
  const tell = (): void => {
    for (const line of news()) narrate(line)
    served.look()
  }
  const forget = interruptsOf(tended, narrate)
  try {
    await room.lookAfterRunsInTurn(runs.hands, {
      isEnough: () => isOver(tended),
      onChange: tell,
      onWait: () => narrate('another process looks after the runs: it starts this one too'),
      onTrouble: (where, error) => narrate(`${visible(where)}: ${visible(troubleText(error))}`),
    })
    tell()
  } finally {
    forget()
    leave.abort()
    await served.close()
  }
  return exitCodeOf(runs, id)
}

/** What could not be placed is no offer; a command that failed is the user's to look at. */
const exitCodeOf = ({ store }: RunsHere, id: string): number => {
  if (store.run(id)?.status !== 'failed') return exitCodes.done
  const hasRun = store.replicas(id).some(({ runningMs }) => runningMs !== null)
  return hasRun ? exitCodes.backend : exitCodes.noOffers
}

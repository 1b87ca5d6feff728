/** `run -d`: the server looks after the run, and its address is good as soon as it is printed. */
import type { RunsHere } from '#api/runs'
import type { ServerPlace } from '#api/server-here'
import type { CommonFlags } from './flags.ts'
import { writeNotes } from './notes.ts'
import type { World } from './world.ts'

const longestWaitMs = 3000
const lookEveryMs = 10

/** False where the gateway of the server has not heard of the run within the time allowed. */
const isTakenUp = async (
  { store, hands: { clock, signal } }: Pick<RunsHere, 'store' | 'hands'>,
  runId: string,
): Promise<boolean> => {
  const lateMs = clock.nowMs() + longestWaitMs
  while (!store.isServed(runId)) {
    if (signal.aborted || clock.nowMs() > lateMs) return false
    await clock.sleep(lookEveryMs, signal).catch(() => undefined)
  }
  return true
}

export const leaveToServer = async (
  {
    runs,
    server,
    ...run
  }: {
    readonly runs: RunsHere
    readonly server: ServerPlace
    readonly id: string
    readonly name: string
    readonly flags: CommonFlags
  },
  world: World,
): Promise<void> => {
  if (!(await isTakenUp(runs, run.id))) {
    const note = `the server, process ${server.pid}, has not taken ${run.name} up yet`
    writeNotes('warning', [note], world, run.flags)
  }
  const url = server.serviceUrl.replaceAll('<run>', run.name)
  world.stdout.write(`${run.name} is left to the server: ${url}\n`)
}

/** `attach`: a port of this machine that leads to a run, until interrupted. */
import { RunUnknownError } from '#domain/errors'
import { forwardPort } from '#platform/local-port'
import { stopSignals } from '#platform/stop-signals'
import { exitCodes } from './exit-codes.ts'
import { withRuns } from './with-runs.ts'
import type { World } from './world.ts'

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

export const attachRun = async (name: string, port: number, world: World): Promise<number> => {
  const { machineOf, connectTo } = await import('#api/runs')
  const stop = stopSignals()
  try {
    return await withRuns(world, stop.signal, async ({ store, hands }) => {
      const machine = () => {
        const run = store.runNamed(name)
        const replica = run && store.replicas(run.id).find(({ status }) => status === 'running')
        const found = run && replica && machineOf(hands, run, replica.replica)
        if (found) return found
        throw new RunUnknownError(`nothing of "${name}" runs`, { hint: 'see dstack-offers ps -a' })
      }
      machine()
      const forward = await forwardPort(port, async () => connectTo(hands, machine()))
      const moved = port !== 0 && port !== forward.port ? ` (${port} is not free)` : ''
      world.stdout.write(`listening on http://127.0.0.1:${forward.port}${moved}\n`)
      await aborted(stop.signal)
      forward.close()
      return exitCodes.done
    })
  } finally {
    stop.forget()
  }
}

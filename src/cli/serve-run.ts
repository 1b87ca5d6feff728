/** While a run is looked after: its port is here, and its output too. */
import type * as Room from '#api/runs'
import type { RunsHere } from '#api/runs'
import { forwardPort, type Forward } from '#platform/local-port'
import { troubleText } from './with-runs.ts'

export interface ServedRun {
  readonly room: typeof Room
  readonly runs: RunsHere
  readonly id: string
  /** The port wanted here; null for a free one. */
  readonly localPort: number | null
  readonly signal: AbortSignal
  readonly write: (text: string) => void
}

/** Called after each change; opens what has become possible, once. */
export const servedRun = (served: ServedRun) => {
  const { room, runs, id, localPort, signal, write } = served
  const followed = new Set<string>()
  let forward: Promise<Forward> | null = null

  const machine = (replica: number) => {
    const run = runs.store.run(id)
    return run === null ? null : room.machineOf(runs.hands, run, replica)
  }
  /** Each connection goes to a replica that runs at that moment. */
  const open = async () => {
    const replica = runs.store.replicas(id).find((one) => machine(one.replica) !== null)
    const instance = replica === undefined ? null : machine(replica.replica)
    if (instance === null) throw new Error('no replica runs')
    return room.connectTo(runs.hands, instance)
  }
  const follow = async (replica: number): Promise<void> => {
    const instance = machine(replica)
    if (instance === null || followed.has(instance.id)) return
    followed.add(instance.id)
    try {
      const lines = room.logsOf(runs.hands, instance, { follow: true, signal })
      for await (const text of lines) write(text)
    } catch (error) {
      if (!signal.aborted) write(`logs of replica ${replica}: ${troubleText(error)}\n`)
    }
  }
  const listen = async (): Promise<Forward> => {
    const made = await forwardPort(localPort ?? 0, open)
    const moved = localPort !== null && localPort !== made.port
    write(
      `listening on http://127.0.0.1:${made.port}${moved ? ` (${localPort} is not free)` : ''}\n`,
    )
    return made
  }
  return {
    look: (): void => {
      for (const { replica } of runs.store.replicas(id)) {
        if (machine(replica) === null) continue
        forward ??= listen()
        void follow(replica)
      }
    },
    close: async (): Promise<void> => (await forward)?.close(),
  }
}

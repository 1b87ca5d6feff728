/** The runs of this machine, open for as long as a command works on them. */
import type { RunsHere, RunsOptions } from '#api/runs'
import { systemHttpClock } from '#platform/http-time'
import type { World } from './world.ts'

export const withRuns = async <T>(
  world: World,
  signal: AbortSignal,
  work: (runs: RunsHere) => Promise<T>,
  search: RunsOptions['search'] = null,
): Promise<T> => {
  const { openRuns } = await import('#api/runs')
  const runs = openRuns({
    environment: world.environment,
    clock: systemHttpClock,
    random: Math.random,
    signal,
    search,
  })
  try {
    return await work(runs)
  } finally {
    await runs.close()
  }
}

/** For commands that wait for nobody. */
export const neverAborted = (): AbortSignal => new AbortController().signal

/** What went wrong, in one line; errors of backends have had their secrets starred out. */
export const troubleText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

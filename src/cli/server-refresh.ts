/** Catalogs refreshed by the server, where it was given times for it. */
import { join } from 'node:path'
import { dataHome } from '#platform/home'
import { printInstant, systemHttpClock } from '#platform/http-time'
import type { ServerFlags } from './commands/server.ts'
import type { World } from './world.ts'

const jitterMs = 60_000

interface RefreshLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
}

/** Resolves once the signal has aborted; at once where no times were given. Throws ArgumentError. */
export const keepRefreshing = async (
  { schedule }: ServerFlags,
  world: World,
  { log, signal }: { readonly log: RefreshLog; readonly signal: AbortSignal },
): Promise<void> => {
  if (schedule === undefined) return
  const { environment, files } = world
  const room = await import('#api/refresh')
  const { refreshOnSchedule } = await import('#api/refresh-schedule')
  await refreshOnSchedule({
    pattern: schedule,
    jitterMs,
    clock: systemHttpClock,
    random: Math.random,
    signal,
    healthFile: join(dataHome(environment), 'refresh-health.json'),
    outcomeOf: (report) => room.outcomeOf(report, false),
    refresh: () => {
      const names = room.backends.map(({ name }) => name)
      const settings = room.loadSettings(files, environment, names)
      return room.refresh({
        backends: room.backends,
        environment: room.withEndpoints(environment, settings),
        bounds: settings.bounds,
        signal,
        onBackend: (one) => log.info({ backend: one.backend, state: one.state }, 'refreshed'),
      })
    },
    onWaiting: (nextMs) => log.info({ next: printInstant(nextMs) }, 'next refresh'),
    onProblem: (problem) => log.warn({ problem }, 'refresh'),
  })
}

/** One refresh as a command shows it, or one after another on a schedule. */
import { join, resolve } from 'node:path'
import type * as Room from '#api/refresh'
import type { Backend, BackendReport, RefreshOutcome, RefreshReport } from '#api/refresh'
import { ArgumentError } from '#domain/errors'
import { dataHome } from '#platform/home'
import { printInstant, systemHttpClock } from '#platform/http-time'
import { stopSignals } from '#platform/stop-signals'
import { ageMs } from './age.ts'
import type { RefreshFlags } from './commands/catalog-refresh.ts'
import { exitCodes } from './exit-codes.ts'
import { writeNotes } from './notes.ts'
import { formatVersion } from './output/document.ts'
import { refreshProgress } from './refresh-progress.ts'
import { visible } from './text-width.ts'
import type { World } from './world.ts'

interface Asked {
  readonly room: typeof Room
  readonly backends: readonly Backend[]
  readonly flags: RefreshFlags
}

const exitCodeOf = {
  done: exitCodes.done,
  backend: exitCodes.backend,
  credentials: exitCodes.credentials,
} as const satisfies Record<RefreshOutcome, number>

const documentOf = ({ room }: Asked, report: RefreshReport, nowMs: number) => ({
  format_version: formatVersion,
  ...room.refreshDocument(report, (observedAt) => {
    const age = ageMs(observedAt, nowMs)
    return age === null ? null : Math.floor(age / 1000)
  }),
})

const refreshOnce = async (
  asked: Asked,
  world: World,
  signal?: AbortSignal,
): Promise<RefreshReport> => {
  const { room, backends, flags } = asked
  const names = backends.map(({ name }) => name)
  const settings = room.loadSettings(world.files, world.environment, room.backends.map(nameOf))
  // A dumb terminal cannot be drawn over.
  const isStill = flags.quiet === true || world.environment['TERM'] === 'dumb'
  const progress = refreshProgress(names, world.stderr, isStill)
  try {
    return await room.refresh({
      backends,
      environment: room.withEndpoints(world.environment, settings),
      bounds: settings.bounds,
      dryRun: flags.dryRun === true,
      force: flags.force === true,
      ...(signal === undefined ? {} : { signal }),
      onPage: (backend, pages, offers) => progress.page(backend, pages, offers),
      onBackend: (one: BackendReport) => {
        progress.done(one, () => writeLine(room.printBackendReport(one), flags, world))
      },
    })
  } finally {
    progress.end()
  }
}

const nameOf = ({ name }: Backend): string => name

/** Beside a document, lines are narration. */
const writeLine = (report: string, flags: RefreshFlags, world: World): void => {
  const line = `${visible(report)}\n`
  if (flags.output === 'table') world.stdout.write(line)
  else if (flags.quiet !== true) world.stderr.write(line)
}

const outcomeOf = ({ room, flags }: Asked, report: RefreshReport): RefreshOutcome =>
  room.outcomeOf(report, flags.backend !== undefined)

export const runRefresh = async (asked: Asked, world: World): Promise<number> => {
  const report = await refreshOnce(asked, world)
  if (asked.flags.output === 'json') {
    const document = documentOf(asked, report, world.nowMs)
    world.stdout.write(`${JSON.stringify(document, null, 2)}\n`)
  }
  return exitCodeOf[outcomeOf(asked, report)]
}

const jitterMsOf = async ({ jitter = '60s' }: RefreshFlags): Promise<number> => {
  const { parseDuration } = await import('#api/cost')
  return parseDuration(jitter) * 1000
}

/** Until it is told to end; then 0. With `-o json`, a document a line and a run. */
export const runScheduledRefresh = async (
  asked: Asked,
  pattern: string,
  world: World,
): Promise<number> => {
  const { flags } = asked
  if (flags.dryRun === true) throw new ArgumentError('--schedule does not go with --dry-run')
  const { refreshOnSchedule } = await import('#api/refresh-schedule')
  const jitterMs = await jitterMsOf(flags)
  const stop = stopSignals()
  try {
    await refreshOnSchedule({
      pattern,
      jitterMs,
      clock: systemHttpClock,
      random: Math.random,
      signal: stop.signal,
      healthFile: healthFileOf(flags, world),
      outcomeOf: (report) => outcomeOf(asked, report),
      refresh: async () => {
        const report = await refreshOnce(asked, world, stop.signal)
        if (flags.output === 'json') {
          const document = documentOf(asked, report, systemHttpClock.nowMs())
          world.stdout.write(`${JSON.stringify(document)}\n`)
        }
        return report
      },
      onWaiting: (nextMs) =>
        writeNotes('note', [`next refresh ${printInstant(nextMs)}`], world, flags),
      onProblem: (message) => writeNotes('warning', [message], world, flags),
    })
    return exitCodes.done
  } finally {
    stop.forget()
  }
}

const healthFileOf = ({ healthFile }: RefreshFlags, world: World): string =>
  healthFile === undefined
    ? join(dataHome(world.environment), 'refresh-health.json')
    : resolve(world.cwd, healthFile)

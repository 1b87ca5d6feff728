/** Many backends at once, into the catalog of the user. */
import { join } from 'node:path'
import type { Backend } from '#backends/kit/importer'
import type { Readings } from '#backends/kit/io'
import { embeddedCatalogPath, userCatalogPath } from '#catalog/location'
import { RefreshLockedError } from '#domain/errors'
import { historyPlaces } from '#history/location'
import { priceRecord } from '#history/price-record'
import { holdExclusively } from '#platform/exclusive'
import type { Environment } from '#platform/environment'
import { cacheHome, dataHome } from '#platform/home'
import {
  type AnswerStash,
  defaultBackoff,
  defaultHttpLimits,
  type HttpOptions,
  newHttpClient,
} from '#platform/http'
import { type HttpClock, printInstant, systemHttpClock } from '#platform/http-time'
import { answerStash } from './answer-stash.ts'
import type { BoundsByBackend } from './bounds.ts'
import { heldImporter, heldOffers, heldSince, orUnwritable, putBackends } from './catalog-file.ts'
import { keptReadings } from './kept-readings.ts'
import { knownMachines } from './known-machines.ts'
import { putQueue } from './put-queue.ts'
import { leaveQuarantine, putInQuarantine } from './quarantine.ts'
import { type BackendShelf, refreshBackend } from './refresh-backend.ts'
import { ratesFile } from './rates-file.ts'
import { newRateSource } from './rates.ts'
import type { BackendReport, RefreshReport } from './report.ts'

export interface RefreshOptions {
  readonly backends: readonly Backend[]
  readonly environment: Environment
  readonly dryRun?: boolean
  /** Asks for everything anew, and takes what differs from the old beyond its bounds. */
  readonly force?: boolean
  /** For the whole of it. */
  readonly deadlineMs?: number
  readonly signal?: AbortSignal
  /** Bounds of single backends, instead of those of their kind. */
  readonly bounds?: BoundsByBackend
  readonly clock?: HttpClock
  readonly http?: Partial<Pick<HttpOptions, 'limits' | 'backoff' | 'random'>>
  /** A page of a backend is read. */
  readonly onPage?: (backend: string, pages: number, offers: number) => void
  /** A backend is done, one way or another. */
  readonly onBackend?: (report: BackendReport) => void
}

const defaultDeadlineMs = 15 * 60 * 1000

const shelfOf = (environment: Environment, clock: HttpClock): BackendShelf => {
  const record = priceRecord(historyPlaces(environment), () => clock.nowMs())
  const path = userCatalogPath(environment)
  const home = dataHome(environment)
  const put = putQueue((replacements) => putBackends(path, replacements, record))
  return {
    held: (backend) => heldOffers(path, backend),
    heldSince: (backend) => heldSince(path, backend),
    importer: (backend) => heldImporter(path, backend),
    embedded: (backend) => heldOffers(embeddedCatalogPath(), backend),
    put: async (replacement) => {
      await put(replacement)
      leaveQuarantine(home, replacement.backend)
    },
    quarantine: (quarantined) => putInQuarantine(home, quarantined),
    leaveQuarantine: (backend) => leaveQuarantine(home, backend),
    machines: (backend) => knownMachines(embeddedCatalogPath(), backend),
  }
}

const lockFile = (environment: Environment): string => join(dataHome(environment), 'refresh.lock')

/** Runs work while no other refresh does. Throws RefreshLockedError where one is at it. */
export const whileAlone = async <T>(
  environment: Environment,
  work: () => T | Promise<T>,
): Promise<T> => {
  const path = lockFile(environment)
  const held = orUnwritable(path, () => holdExclusively(path))
  if (held === null) {
    throw new RefreshLockedError('another refresh is at work on this catalog', {
      hint: `wait for it to end; it holds "${path}"`,
    })
  }
  try {
    return await work()
  } finally {
    held.release()
  }
}

/**
 * Throws RefreshLockedError, and else only for bugs: what a source or the catalog does is in the
 * report. A dry run asks the sources and writes nothing, so that it needs no lock either.
 */
export const refresh = (options: RefreshOptions): Promise<RefreshReport> =>
  options.dryRun === true
    ? refreshChosen(options)
    : whileAlone(options.environment, () => refreshChosen(options))

const stashFor = ({ environment, force, dryRun }: RefreshOptions): AnswerStash | null => {
  if (force === true) return null
  const stash = answerStash(join(cacheHome(environment), 'http'))
  return dryRun === true ? { ...stash, put: () => undefined } : stash
}

const readingsFor =
  ({ environment, force, dryRun }: RefreshOptions) =>
  (backend: string): Readings | null => {
    if (force === true) return null
    const readings = keptReadings(join(cacheHome(environment), 'readings', backend))
    return dryRun === true ? { ...readings, put: () => undefined } : readings
  }

const refreshChosen = async (options: RefreshOptions): Promise<RefreshReport> => {
  const { environment, backends, dryRun = false, force = false } = options
  const clock = options.clock ?? systemHttpClock
  const deadline = AbortSignal.timeout(options.deadlineMs ?? defaultDeadlineMs)
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  const startedAt = printInstant(clock.nowMs())
  const http = newHttpClient({
    clock,
    limits: defaultHttpLimits,
    backoff: defaultBackoff,
    random: Math.random,
    ...options.http,
    stash: stashFor(options),
  })
  const file = ratesFile(dataHome(environment))
  const rates = newRateSource({ environment, http, clock, signal, file, dryRun })
  const shelf = shelfOf(environment, clock)
  try {
    const reports = backends.map(async (backend) => {
      const report = await refreshBackend(backend, {
        environment,
        http,
        clock,
        signal,
        shelf,
        readings: readingsFor(options),
        rates,
        dryRun,
        force,
        bounds: options.bounds ?? {},
        onPage: options.onPage ?? (() => undefined),
      })
      options.onBackend?.(report)
      return report
    })
    return { startedAt, dryRun, backends: await Promise.all(reports) }
  } finally {
    await http.close()
  }
}

/** A catalog of others into the catalog of the user: each backend on its own, under one lock. */
import { userCatalogPath } from '#catalog/location'
import { KnownError } from '#domain/errors'
import { version } from '#domain/version'
import { historyPlaces } from '#history/location'
import { priceRecord } from '#history/price-record'
import { parseInstant } from '#platform/clock'
import type { Environment } from '#platform/environment'
import { newDownloads } from '#platform/http-download'
import { type HttpClock, printInstant, systemHttpClock } from '#platform/http-time'
import type { BoundsByBackend } from '#refresh/bounds'
import { putBackends } from '#refresh/catalog-file'
import { putQueue } from '#refresh/put-queue'
import { newestOf } from '#refresh/quarantine'
import { whileAlone } from '#refresh/refresh'
import type { BackendReport, RefreshReport } from '#refresh/report'
import { chosenDocuments } from './chosen-documents.ts'
import { findDocuments } from './find-documents.ts'
import { shelved } from './known-offers.ts'
import { notToCome, parseObservedAt, timeUnknown } from './observed.ts'
import type { OwnCatalog } from './own-format.ts'
import { readDocument } from './read-document.ts'
import type { Found } from './source-file.ts'
import { take, type Taking, type Verdict } from './take.ts'

export interface ImportOptions {
  /** `gpuhunt`, `skypilot`, a file, a folder or an address. */
  readonly argument: string
  readonly cwd: string
  readonly environment: Environment
  /** Canonical names; all where absent. One alone also names a file that tells no backend. */
  readonly backends?: readonly string[] | undefined
  /** A day or an RFC 3339 instant, for all of it; our own format tells of each offer itself. */
  readonly observedAt?: string | undefined
  readonly dryRun?: boolean
  readonly force?: boolean
  /** Bounds of single backends, instead of those of their kind. */
  readonly bounds?: BoundsByBackend
  readonly clock?: HttpClock
  readonly signal?: AbortSignal
  readonly firstRetryMs?: number
  /** What the argument was found to be. */
  readonly onFound?: (what: string) => void
  readonly onBackend?: (report: BackendReport) => void
}

export interface ImportReport extends RefreshReport {
  /** What the argument was found to be. */
  readonly source: string
}

const deadlineMs = 15 * 60 * 1000

const nothing = { pages: 0, offers: 0, rejects: {}, changes: null, why: [], problem: null }

/** Runs one backend's part, and makes a report of what it gives or throws. */
type Reporter = (
  backend: string,
  work: () => Promise<Partial<BackendReport> & Pick<BackendReport, 'state'>>,
) => Promise<BackendReport>

const problemOf = (error: unknown): Pick<BackendReport, 'state' | 'why' | 'problem'> => {
  const message = error instanceof Error ? error.message : String(error)
  const known = error instanceof KnownError ? error : null
  const hint = known?.hint ?? null
  return {
    state: 'failed',
    why: [hint === null ? message : `${message}; ${hint}`],
    problem: { code: known?.code ?? 'bug', message, hint },
  }
}

const newReporter =
  ({ environment, onBackend }: ImportOptions, clock: HttpClock): Reporter =>
  async (backend, work) => {
    const startedMs = clock.nowMs()
    const done = await work().catch(problemOf)
    const report: BackendReport = {
      backend,
      ...nothing,
      observedAt: shelved(userCatalogPath(environment), backend)?.newest ?? null,
      tookMs: clock.nowMs() - startedMs,
      ...done,
    }
    onBackend?.(report)
    return report
  }

const takingOf = (
  { environment, dryRun = false, force = false, bounds = {} }: ImportOptions,
  clock: HttpClock,
): Taking => {
  const path = userCatalogPath(environment)
  const record = priceRecord(historyPlaces(environment), () => clock.nowMs())
  const put = putQueue((replacements) => putBackends(path, replacements, record))
  return { environment, dryRun, force, bounds, put }
}

interface Run {
  readonly clock: HttpClock
  readonly report: Reporter
  readonly taking: Taking
}

type Imported = Omit<ImportReport, 'startedAt' | 'dryRun'>

const importDocuments = async (
  { what, files }: Found,
  { argument, backends, observedAt, onFound }: ImportOptions,
  { clock, report, taking }: Run,
): Promise<Imported> => {
  const nowMs = clock.nowMs()
  const observedMs = observedAt === undefined ? null : parseObservedAt(observedAt, nowMs)
  const documents = chosenDocuments(files, backends)
  const undated = documents.find(({ file }) => !file.dated)
  if (undated && observedMs === null) throw timeUnknown(argument)
  onFound?.(what)
  const reports = documents.map(({ backend, cloud, file }) =>
    backend === null
      ? report(cloud, () =>
          Promise.resolve({ state: 'skipped', why: ['no backend that this program knows'] }),
        )
      : report(backend, async () => {
          const read = await readDocument(file, backend, { observedMs, nowMs })
          const importer = `importer of ${read.format} of dstack-offers ${version}`
          const { offers, notes, rows, malformed, rejects } = read
          const replacement = { backend, offers, notes, importer }
          const verdict = await take({ replacement, rows, malformed }, taking)
          return reported(verdict, { pages: 1, offers: offers.length, rejects }, read.remarks)
        }),
  )
  return { source: what, backends: await Promise.all(reports) }
}

const reported = (
  verdict: Verdict,
  counts: Pick<BackendReport, 'pages' | 'offers' | 'rejects'>,
  remarks: readonly string[],
) => ({ ...counts, ...verdict, why: [...verdict.why, ...remarks] })

const importOwn = async (
  { what, backends }: OwnCatalog,
  options: ImportOptions,
  { clock, report, taking }: Run,
): Promise<Imported> => {
  options.onFound?.(what)
  const importer = `importer of catalogs of dstack-offers ${version}`
  const wanted = backends().filter(({ backend }) => options.backends?.includes(backend) !== false)
  const reports = wanted.map((own) =>
    report(own.backend, async () => {
      const newestMs = parseInstant(newestOf(own.offers) ?? '') ?? 0
      notToCome(newestMs, own.backend, clock.nowMs())
      const { length } = own.offers
      const replacement = { ...own, importer }
      const verdict = await take({ replacement, rows: length, malformed: 0 }, taking)
      return reported(verdict, { pages: 1, offers: length, rejects: {} }, [])
    }),
  )
  return { source: what, backends: await Promise.all(reports) }
}

const importFound = async (options: ImportOptions, run: Run): Promise<Imported> => {
  const { firstRetryMs = 500 } = options
  const deadline = AbortSignal.timeout(deadlineMs)
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
  const found = await findDocuments(options, () => newDownloads({ signal, firstRetryMs }))
  try {
    return await ('own' in found
      ? importOwn(found.own, options, run)
      : importDocuments(found, options, run))
  } finally {
    await found.close()
  }
}

/**
 * Throws RefreshLockedError, ArgumentError for an argument that is no catalog or does not say when it
 * was made, and what opening it throws; what a single document does is in the report. A dry run reads
 * and judges, and writes nothing, so that it needs no lock either.
 */
export const importCatalog = (options: ImportOptions): Promise<ImportReport> => {
  const importChosen = async (): Promise<ImportReport> => {
    const clock = options.clock ?? systemHttpClock
    const startedAt = printInstant(clock.nowMs())
    const report = newReporter(options, clock)
    const run = { clock, report, taking: takingOf(options, clock) }
    return { startedAt, dryRun: options.dryRun === true, ...(await importFound(options, run)) }
  }
  return options.dryRun === true ? importChosen() : whileAlone(options.environment, importChosen)
}

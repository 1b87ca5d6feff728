/** One backend, from its readiness to its report. Never throws for what a source does. */
import { version } from '#domain/version'
import { collect, type Collected } from '#backends/kit/collect'
import { endpointOf, hostsOf } from '#backends/kit/endpoint'
import type { Backend, Importer, ImportTables } from '#backends/kit/importer'
import { newImportIo, type Readings } from '#backends/kit/io'
import { type Readiness, secretsAmong } from '#backends/kit/readiness'
import type { BackendOffers } from '#catalog/replace'
import { KnownError, PackageMissingError } from '#domain/errors'
import type { Observation, Offer } from '#domain/offer'
import { parseInstant } from '#platform/clock'
import type { Environment } from '#platform/environment'
import type { HttpClient } from '#platform/http'
import { type HttpClock, printInstant } from '#platform/http-time'
import { readTextFile } from '#platform/text-files'
import { boundsFor, type BoundsByBackend } from './bounds.ts'
import { changesOf, sameOffers } from './changes.ts'
import { refreshInterruption } from './interruption.ts'
import { letGo } from './let-go.ts'
import { newestOf, type Quarantined } from './quarantine.ts'
import type { RateSource } from './rates.ts'
import { redact } from '#platform/redact'
import type { BackendReport, RefreshProblem } from './report.ts'
import { doubts } from './sanity.ts'

/** The catalog as far as one backend's refresh needs it. */
export interface BackendShelf {
  held(backend: string): readonly Offer[]
  /** Name and version of what has put it there; null where nothing has. */
  importer(backend: string): string | null
  /** When its newest price was seen, without reading them all. */
  heldSince(backend: string): string | null
  /** What comes with the program. */
  embedded(backend: string): readonly Offer[]
  put(replacement: BackendOffers): Promise<void>
  quarantine(quarantined: Quarantined): void
  /** What was kept aside is no longer what the source says. */
  leaveQuarantine(backend: string): void
  machines(backend: string): Pick<ImportTables, 'instanceType'>
}

export interface RefreshContext {
  readonly environment: Environment
  readonly http: HttpClient
  readonly clock: HttpClock
  readonly signal: AbortSignal
  readonly shelf: BackendShelf
  /** What was made of its great files before; null reads them anew. */
  readonly readings: (backend: string) => Readings | null
  readonly rates: RateSource
  readonly dryRun: boolean
  /** Takes new data however it differs from the old, and however fresh the old is. */
  readonly force: boolean
  readonly bounds: BoundsByBackend
  onPage(backend: string, pages: number, offers: number): void
}

type Verdict = Pick<BackendReport, 'state' | 'why' | 'problem' | 'changes'>

const stopped: RefreshProblem = {
  code: 'upstream-unreachable',
  message: 'stopped before the source had answered',
  hint: null,
}

const problemOf = (error: unknown, secrets: Iterable<string>): RefreshProblem => {
  const message = redact(error instanceof Error ? error.message : String(error), secrets)
  if (!(error instanceof KnownError)) return { code: 'bug', message, hint: null }
  return { code: error.code, message, hint: error.hint ?? null }
}

const notReady = (readiness: Exclude<Readiness, { status: 'ready' }>): Verdict => {
  const names = readiness.names.join(', ')
  const missing = readiness.status === 'missing'
  const message = missing ? `missing ${names}` : `credentials are half set: ${names} missing`
  const code = missing ? 'credentials-missing' : 'credentials-incomplete'
  return {
    state: missing ? 'skipped' : 'failed',
    why: [message],
    problem: { code, message, hint: `set ${names}` },
    changes: null,
  }
}

const passOver = async (
  backend: Backend,
  { traits }: Importer,
  readiness: Exclude<Readiness, { status: 'ready' }>,
  { shelf, dryRun }: RefreshContext,
): Promise<Verdict> => {
  const verdict = notReady(readiness)
  if (readiness.status !== 'missing' || traits.kind !== 'hosts') return verdict
  const gone = await letGo(backend, shelf, dryRun)
  return gone === null
    ? verdict
    : { ...verdict, changes: gone.changes, why: [...verdict.why, gone.why] }
}

const countByReason = (rejects: readonly { readonly reason: string }[]) => {
  const counts: Record<string, number> = {}
  for (const { reason } of rejects) counts[reason] = (counts[reason] ?? 0) + 1
  return counts
}

/**
 * The date of prices that are the same is renewed once they are half as old as they may get, and no
 * later than this: who asks for prices of some hours and has just refreshed is to be answered.
 */
const longestUnrenewedSeconds = 3600

const needsRenewal = (held: readonly Offer[], now: Observation, ttlSeconds: number): boolean => {
  const seen = newestOf(held)
  // Seen in the future: a clock was wrong.
  const most = Math.min(ttlSeconds / 2, longestUnrenewedSeconds)
  return seen === null || Math.abs(ageSeconds(seen, now.observedAt)) > most
}

const ageSeconds = (from: string, to: string): number =>
  ((parseInstant(to) ?? 0) - (parseInstant(from) ?? 0)) / 1000

const judge = async (
  backend: Backend,
  importer: Importer,
  { offers, malformed, pages, sealed }: Collected,
  observation: Observation,
  context: RefreshContext,
): Promise<Verdict> => {
  const none = { why: [], problem: null, changes: null }
  if (!sealed.complete) return { ...none, state: 'incomplete', why: sealed.why }
  const { shelf, dryRun, force } = context
  const held = shelf.held(backend.name)
  const replacement = {
    backend: backend.name,
    offers,
    notes: backend.notes,
    importer: `importer ${backend.name} of dstack-offers ${version}`,
  }
  if (sameOffers(held, offers)) {
    const stale = force || needsRenewal(held, observation, importer.traits.ttlSeconds)
    if (!dryRun) await (stale ? shelf.put(replacement) : shelf.leaveQuarantine(backend.name))
    return { ...none, state: 'unchanged' }
  }
  const changes = changesOf(held, offers)
  const rows = pages.reduce((sum, page) => sum + page.rows, 0)
  const embedded = held.length === 0 ? shelf.embedded(backend.name) : []
  const why = force
    ? []
    : doubts(
        { before: held, after: offers, embedded, rows, malformed },
        boundsFor(backend.name, importer, context.bounds),
      )
  if (why.length > 0) {
    if (!dryRun) shelf.quarantine({ ...replacement, why })
    return { ...none, changes, state: 'quarantined', why }
  }
  if (!dryRun) await shelf.put(replacement)
  return { ...none, changes, state: 'refreshed' }
}

export const refreshBackend = async (
  backend: Backend,
  context: RefreshContext,
): Promise<BackendReport> => {
  const { clock, environment, http, signal, shelf } = context
  const startedMs = clock.nowMs()
  let collected: Collected | null = null
  const secrets = new Set<string>()
  const report = (verdict: Verdict): BackendReport => ({
    backend: backend.name,
    offers: collected?.offers.length ?? 0,
    pages: collected?.pages.length ?? 0,
    rejects: countByReason(collected?.rejects ?? []),
    observedAt: safely(() => shelf.heldSince(backend.name)),
    tookMs: clock.nowMs() - startedMs,
    ...verdict,
  })
  try {
    const importer = await backend.importer()
    const readiness = importer.readiness(environment)
    if (readiness.status !== 'ready')
      return report(await passOver(backend, importer, readiness, context))
    for (const value of secretsAmong(readiness.values)) secrets.add(value)
    const endpoint = endpointOf(backend, environment)
    const observation = { source: endpoint, observedAt: printInstant(startedMs) }
    const io = newImportIo({
      http,
      endpoint,
      hosts: hostsOf(backend, environment),
      limit: importer.traits.limit,
      signal,
      credentials: readiness.values,
      observation,
      instant: () => printInstant(clock.nowMs()),
      readFile: readTextFile,
      keepSecret: (value) => secrets.add(value),
      readings: context.readings(backend.name),
    })
    const { rate, notes } = await context.rates.ratesFor(importer.traits.currencies ?? [])
    const tables = { ...shelf.machines(backend.name), rate }
    collected = await collect(importer, io, tables, (pages, offers) =>
      context.onPage(backend.name, pages, offers),
    )
    const verdict = await judge(backend, importer, collected, observation, context)
    const advice = await refreshInterruption(importer, io, context)
    return report({ ...verdict, why: [...verdict.why, ...notes, ...advice] })
  } catch (error) {
    const problem = signal.aborted ? stopped : problemOf(error, secrets)
    const state = error instanceof PackageMissingError ? 'skipped' : 'failed'
    return report({ state, why: [problem.message], problem, changes: null })
  }
}

/** What cannot be told is not told; the report has its problem already. */
const safely = <T>(read: () => T): T | null => {
  try {
    return read()
  } catch {
    return null
  }
}

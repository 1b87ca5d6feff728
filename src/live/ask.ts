/** One market, from its readiness to its offers. Never throws for what a source does. */
import { collect } from '#backends/kit/collect'
import { endpointOf, hostsOf } from '#backends/kit/endpoint'
import type { Backend, Importer } from '#backends/kit/importer'
import { newImportIo } from '#backends/kit/io'
import { type Readiness, secretsAmong } from '#backends/kit/readiness'
import { isSought, type Sought } from '#backends/kit/sought'
import { embeddedCatalogPath } from '#catalog/location'
import type { Observation, Offer } from '#domain/offer'
import type { Environment } from '#platform/environment'
import type { HttpClient } from '#platform/http'
import { type HttpClock, printInstant, reasonOf } from '#platform/http-time'
import { redact } from '#platform/redact'
import { readTextFile } from '#platform/text-files'
import { boundsFor, type BoundsByBackend } from '#refresh/bounds'
import { knownMachines } from '#refresh/known-machines'
import { liveDoubts } from './live-doubts.ts'

/**
 * `late`: not whole by the deadline. `skipped`: none of its credentials is set. `doubted`: whole, and
 * not believed. The catalog's rows stand for all but `answered`.
 */
export type LiveState = 'answered' | 'late' | 'incomplete' | 'doubted' | 'skipped' | 'failed'

export interface LiveReport {
  readonly backend: string
  readonly state: LiveState
  readonly offers: number
  /** Sentences; empty where it answered. */
  readonly why: readonly string[]
  /** Null where none of its offers is used. */
  readonly observation: Observation | null
  readonly tookMs: number
}

export interface LiveAnswer {
  readonly backend: Backend
  readonly offers: readonly Offer[]
  /** What the catalog holds of it, sought or not. */
  readonly before: readonly Offer[]
  /** Null where everything was asked for. */
  readonly sought: Sought | null
  readonly observation: Observation
}

export interface AskContext {
  readonly environment: Environment
  readonly http: HttpClient
  readonly clock: HttpClock
  /** Aborts at the deadline. */
  readonly signal: AbortSignal
  readonly sought: Sought
  readonly bounds: BoundsByBackend
  /** What the catalog holds of a backend. */
  readonly held: (backend: string) => readonly Offer[]
}

interface Asked {
  readonly state: LiveState
  readonly why: readonly string[]
  readonly answer: LiveAnswer | null
}

const without = (state: LiveState, why: readonly string[]): Asked => ({ state, why, answer: null })

/** Rejects at the deadline, whatever the work does by then. */
const byDeadline = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const stop = (): void => reject(reasonOf(signal))
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })

const collectAsked = async (
  backend: Backend,
  importer: Importer,
  credentials: Readonly<Record<string, string>>,
  secrets: Set<string>,
  { environment, http, clock, signal, sought: wanted, bounds: set, held }: AskContext,
): Promise<Asked> => {
  const sought = importer.traits.narrows === true ? wanted : null
  const endpoint = endpointOf(backend, environment)
  const observation = { source: endpoint, observedAt: printInstant(clock.nowMs()) }
  const io = newImportIo({
    http,
    endpoint,
    hosts: hostsOf(backend, environment),
    limit: importer.traits.limit,
    signal,
    credentials,
    observation,
    instant: () => printInstant(clock.nowMs()),
    readFile: readTextFile,
    keepSecret: (value) => secrets.add(value),
    readings: null,
  })
  const tables = { ...knownMachines(embeddedCatalogPath(), backend.name), rate: () => null }
  const collected = await collect(importer, io, tables, undefined, sought)
  const { offers, sealed } = collected
  if (!sealed.complete) return without('incomplete', sealed.why)
  const before = held(backend.name)
  const rivals = sought === null ? before : before.filter((offer) => isSought(offer, sought))
  const why = liveDoubts(collected, rivals, boundsFor(backend.name, importer, set))
  if (why.length > 0) return without('doubted', why)
  return { state: 'answered', why: [], answer: { backend, offers, before, sought, observation } }
}

const notReady = ({ status, names }: Exclude<Readiness, { status: 'ready' }>): Asked =>
  status === 'missing'
    ? without('skipped', [`missing ${names.join(', ')}`])
    : without('failed', [`credentials are half set: ${names.join(', ')} missing`])

const askReady = async (
  backend: Backend,
  importer: Importer,
  context: AskContext,
): Promise<Asked> => {
  const readiness = importer.readiness(context.environment)
  if (readiness.status !== 'ready') return notReady(readiness)
  const secrets = secretsAmong(readiness.values)
  const { signal } = context
  try {
    const work = collectAsked(backend, importer, readiness.values, secrets, context)
    return await byDeadline(work, signal)
  } catch (error) {
    if (signal.aborted) return without('late', ['it had not answered in time'])
    const message = error instanceof Error ? error.message : String(error)
    return without('failed', [redact(message, secrets)])
  }
}

export const askBackend = async (
  backend: Backend,
  importer: Importer,
  context: AskContext,
): Promise<{ readonly report: LiveReport; readonly answer: LiveAnswer | null }> => {
  const { clock } = context
  const startedMs = clock.nowMs()
  const { state, why, answer } = await askReady(backend, importer, context)
  const report = {
    backend: backend.name,
    state,
    offers: answer?.offers.length ?? 0,
    why,
    observation: answer?.observation ?? null,
    tookMs: clock.nowMs() - startedMs,
  }
  return { report, answer }
}

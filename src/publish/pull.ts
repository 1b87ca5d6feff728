/** A published catalog into the user's. */
import { join } from 'node:path'
import { embeddedCatalogPath, userCatalogPath } from '#catalog/location'
import type { BackendOffers } from '#catalog/replace'
import type { ShelvedBackend } from '#catalog/shelf'
import { UpstreamUnreachableError } from '#domain/errors'
import { historyPlaces } from '#history/location'
import { priceRecord } from '#history/price-record'
import type { Environment } from '#platform/environment'
import { cacheHome, dataHome } from '#platform/home'
import type { HttpOptions } from '#platform/http'
import { type HttpClock, systemHttpClock } from '#platform/http-time'
import { answerStash } from '#refresh/answer-stash'
import { putBackends } from '#refresh/catalog-file'
import { leaveQuarantine } from '#refresh/quarantine'
import { whileAlone } from '#refresh/refresh'
import { answeringBackends } from './answering-backends.ts'
import { unseal } from './envelope.ts'
import { folderSource } from './folder-source.ts'
import { httpSource } from './http-source.ts'
import { parseManifest, type PublishedBackend } from './manifest.ts'
import { manifestName } from './published-files.ts'
import { readSnapshot } from './read-snapshot.ts'
import { recall, remember, type Remembered } from './remembered.ts'
import type { PulledBackend, PullReport, PullState } from './report.ts'
import { textDigest } from './snapshot-text.ts'
import type { PublishedSource, SourceAddress } from './source.ts'
import { chosenKey, refuseFuture, refuseRollback } from './trust.ts'

export interface PullOptions {
  readonly source: SourceAddress
  /** The publisher's public key; null for the one remembered of an earlier pull. */
  readonly key: string | null
  readonly environment: Environment
  /** Fetches and verifies, and changes nothing. */
  readonly dryRun?: boolean
  /** For the whole of it. */
  readonly deadlineMs?: number
  readonly clock?: HttpClock
  readonly http?: Partial<Pick<HttpOptions, 'limits' | 'backoff' | 'random'>>
  /** Read along with the user's catalog; the embedded one by default. */
  readonly embedded?: string
}

const defaultDeadlineMs = 15 * 60 * 1000

const stateOf = (
  published: PublishedBackend,
  held: ShelvedBackend | undefined,
  remembered: Remembered | null,
): PullState => {
  if (held === undefined) return 'pulled'
  if (held.digest === published.offersDigest) {
    const taken = remembered?.snapshots[published.backend] ?? published.sha256
    return taken === published.sha256 ? 'unchanged' : 'pulled'
  }
  return held.newest > (published.newest ?? '') ? 'kept' : 'pulled'
}

const fetchAll = async (
  wanted: readonly PublishedBackend[],
  source: PublishedSource,
  signal: AbortSignal,
): Promise<readonly BackendOffers[]> => {
  if (wanted.length === 0) return []
  const fetchText = source.snapshots(Math.max(...wanted.map(({ bytes }) => bytes)))
  return Promise.all(
    wanted.map(async (one) => readSnapshot(await fetchText(one.sha256, signal), one)),
  )
}

const openSource = (options: PullOptions, clock: HttpClock): PublishedSource => {
  const { source, environment, http } = options
  if (source.kind === 'folder') return folderSource(source.path)
  const stash = answerStash(join(cacheHome(environment), 'http'))
  return httpSource(source.url, { clock, stash, ...(http ? { http } : {}) })
}

/**
 * Everything that is needed is fetched and verified before anything is put. What was seen of the
 * sequence is remembered first: killed in between, no earlier one passes, and the next pull goes on.
 */
const put = (
  options: PullOptions,
  remembered: Remembered,
  taken: readonly BackendOffers[],
): void => {
  const { environment, source, dryRun = false, clock = systemHttpClock } = options
  if (dryRun) return
  const home = dataHome(environment)
  const before = recall(home, source.name)?.snapshots ?? {}
  remember(home, source.name, { ...remembered, snapshots: before })
  if (taken.length > 0) {
    const record = priceRecord(historyPlaces(environment), () => clock.nowMs())
    putBackends(userCatalogPath(environment), taken, record)
  }
  for (const { backend } of taken) leaveQuarantine(home, backend)
  remember(home, source.name, remembered)
}

const snapshotsOf = (backends: readonly PulledBackend[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    backends.filter(({ state }) => state !== 'kept').map((one) => [one.backend, one.sha256]),
  )

const pullAlone = async (
  options: PullOptions,
  source: PublishedSource,
  signal: AbortSignal,
): Promise<Omit<PullReport, 'tookMs'>> => {
  const { environment, embedded = embeddedCatalogPath(), clock = systemHttpClock } = options
  const { name } = options.source
  const home = dataHome(environment)
  const remembered = recall(home, name)
  const key = chosenKey({ key: options.key, source: name, home }, remembered)
  const file = `${name}/${manifestName}`
  const { sealed, believe } = await source.manifest(signal)
  const text = unseal(sealed, key, file)
  const manifest = parseManifest(text, file)
  const digest = textDigest(text)
  refuseRollback(manifest, { digest, name: file }, remembered)
  refuseFuture(manifest, file, clock.nowMs())
  believe()
  const held = answeringBackends([embedded, userCatalogPath(environment)])
  const backends = manifest.backends.map((one): PulledBackend => ({
    ...one,
    state: stateOf(one, held.get(one.backend), remembered),
  }))
  const wanted = backends.filter(({ state }) => state === 'pulled')
  const taken = await fetchAll(wanted, source, signal)
  const { sequence, createdAt } = manifest
  put(options, { key, sequence, manifest: digest, snapshots: snapshotsOf(backends) }, taken)
  return { source: name, key, sequence, createdAt, dryRun: options.dryRun === true, backends }
}

/**
 * Throws ArgumentError where the key is not known, RefreshLockedError where a refresh is at work,
 * UntrustedCatalogError for whatever is not as it was signed, and the errors of HTTP. After every one
 * of them the catalog is as it was.
 */
export const pullCatalog = (options: PullOptions): Promise<PullReport> =>
  whileAlone(options.environment, async () => {
    const { clock = systemHttpClock } = options
    const startedMs = clock.nowMs()
    const signal = AbortSignal.timeout(options.deadlineMs ?? defaultDeadlineMs)
    const source = openSource(options, clock)
    try {
      const report = await pullAlone(options, source, signal)
      return { ...report, tookMs: clock.nowMs() - startedMs }
    } catch (error) {
      if (!signal.aborted) throw error
      throw new UpstreamUnreachableError(`"${options.source.name}" was too slow`, {
        hint: 'nothing was taken; try again later',
      })
    } finally {
      await source.close()
    }
  })

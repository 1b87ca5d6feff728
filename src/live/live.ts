/** Many markets at once, until a deadline. */
import { backends as allBackends } from '#backends/registry'
import type { Backend, Importer } from '#backends/kit/importer'
import type { Requirements } from '#domain/requirements'
import type { Catalog } from '#offers/catalog'
import { baseOffers } from '#overlay/base-offers'
import type { Environment } from '#platform/environment'
import { defaultBackoff, defaultHttpLimits, newHttpClient } from '#platform/http'
import { type HttpClock, systemHttpClock } from '#platform/http-time'
import type { BoundsByBackend } from '#refresh/bounds'
import { askBackend, type AskContext, type LiveReport } from './ask.ts'
import { liveCatalogFile } from './derived-catalog.ts'
import { soughtBy } from './sought.ts'

export interface LiveOptions {
  readonly requirements: Requirements
  readonly environment: Environment
  /** For all sources together. */
  readonly timeoutMs: number
  /** Every one that the program knows, by default. */
  readonly backends?: readonly Backend[]
  /** Of single backends, instead of those of a market. */
  readonly bounds?: BoundsByBackend
  readonly clock?: HttpClock
}

export interface LiveCatalog {
  /** With the offers of those that answered in the place of the rows they are newer than. */
  readonly catalog: Catalog
  /** The markets that were asked, by name. */
  readonly reports: readonly LiveReport[]
}

interface Market {
  readonly backend: Backend
  readonly importer: Importer
}

/** The markets among the backends that the requirements leave. */
const marketsOf = async ({
  requirements,
  backends = allBackends,
}: LiveOptions): Promise<readonly Market[]> => {
  const wanted = requirements.backends
  const left = backends.filter(({ name }) => wanted === null || wanted.includes(name))
  const all = await Promise.all(
    left.map(async (backend) => ({ backend, importer: await backend.importer() })),
  )
  return all.filter(({ importer }) => importer.traits.kind === 'market')
}

const askAll = async (markets: readonly Market[], base: Catalog, options: LiveOptions) => {
  const { environment, requirements, timeoutMs, bounds = {}, clock = systemHttpClock } = options
  const http = newHttpClient({
    clock,
    limits: defaultHttpLimits,
    backoff: defaultBackoff,
    random: Math.random,
    stash: null,
  })
  const deadline = new AbortController()
  const done = new AbortController()
  const late = clock.sleep(timeoutMs, done.signal).then(
    () => deadline.abort(),
    () => undefined,
  )
  const sought = soughtBy(requirements)
  const held = (backend: string) => baseOffers(base, backend).offers
  const { signal } = deadline
  const context: AskContext = { environment, http, clock, signal, sought, bounds, held }
  try {
    return await Promise.all(
      markets.map(({ backend, importer }) => askBackend(backend, importer, context)),
    )
  } finally {
    done.abort()
    await late
    await http.close()
  }
}

/**
 * Takes `base` over: closing the catalog given closes both, and where this throws nothing is closed.
 * What a source does is in its report.
 */
export const withLiveOffers = async (base: Catalog, options: LiveOptions): Promise<LiveCatalog> => {
  const all = await askAll(await marketsOf(options), base, options)
  const reports = all.map(({ report }) => report)
  const answers = all.flatMap(({ answer }) => (answer === null ? [] : [answer]))
  if (answers.length === 0) return { catalog: base, reports }
  const derived = liveCatalogFile(base, answers, options.environment)
  const close = (): void => {
    derived.close()
    base.close()
  }
  return { catalog: { ...derived, close }, reports }
}

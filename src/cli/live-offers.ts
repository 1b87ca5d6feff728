/** `--live`: what markets ask right now, for this answer alone. */
import type { Catalog } from '#api/catalog'
import type { LiveReport } from '#api/live'
import { ArgumentError } from '#domain/errors'
import type { Json } from '#domain/json'
import type { Requirements } from '#domain/requirements'
import type { CommonFlags } from './flags.ts'
import { defaultLiveTimeout, type LiveFlags } from './live-flags.ts'
import { writeNotes } from './notes.ts'
import { printCounted } from './tables/numbers.ts'
import { visible } from './text-width.ts'
import type { World } from './world.ts'

export interface LiveAsked {
  readonly timeoutMs: number
  readonly reports: readonly LiveReport[]
}

/** Takes the catalog over. Where it throws, the catalog is still open. */
export type OpenLive = (
  base: Catalog,
) => Promise<{ readonly catalog: Catalog; readonly live: LiveAsked }>

const isNamed = ({ backend }: LiveReport, { backends }: Requirements): boolean =>
  backends?.includes(backend) ?? false

/** A market without credentials is no news, unless it was asked for by name. */
const toWarn = (reports: readonly LiveReport[], requirements: Requirements) =>
  reports.filter(
    (one) => one.state !== 'answered' && (one.state !== 'skipped' || isNamed(one, requirements)),
  )

const summaryOf = (reports: readonly LiveReport[]): string => {
  if (reports.length === 0) return 'none of the backends asked for is a market'
  const answered = reports.filter(({ state }) => state === 'answered')
  const names = answered.map(
    ({ backend, offers, tookMs }) =>
      `${visible(backend)} ${printCounted(offers, 'offer')} in ${(tookMs / 1000).toFixed(1)} s`,
  )
  return names.length === 0 ? 'no market answered' : names.join(', ')
}

const warningOf = ({ backend, state, why }: LiveReport, held: ReadonlySet<string>): string => {
  const instead = held.has(backend)
    ? "its prices are the catalog's"
    : 'the catalog has no prices of it either'
  return `live: ${visible(backend)} ${state} (${visible(why.join('; '))}): ${instead}`
}

const tell = (
  reports: readonly LiveReport[],
  { requirements, held }: { requirements: Requirements; held: ReadonlySet<string> },
  world: World,
  flags: CommonFlags,
): void => {
  writeNotes('note', [`live: ${summaryOf(reports)}`], world, flags)
  const warnings = toWarn(reports, requirements).map((report) => warningOf(report, held))
  writeNotes('warning', warnings, world, flags)
}

/** Undefined without `--live`. Throws ArgumentError for a time that is none. */
export const openLiveOf = async (
  flags: LiveFlags & CommonFlags,
  requirements: Requirements,
  world: World,
): Promise<OpenLive | undefined> => {
  if (flags.live !== true) {
    if (flags.liveTimeout === undefined) return undefined
    throw new ArgumentError('--live-timeout goes with --live only', { hint: 'add --live' })
  }
  const { parseDuration } = await import('#api/cost')
  const timeoutMs = parseDuration(flags.liveTimeout ?? defaultLiveTimeout) * 1000
  if (timeoutMs < 1000 || timeoutMs > 600_000) {
    throw new ArgumentError(
      `--live-timeout "${visible(flags.liveTimeout ?? '')}" is out of range`,
      {
        hint: 'from 1s to 10m',
      },
    )
  }
  return async (base) => {
    const { withLiveOffers } = await import('#api/live')
    const room = await import('#api/refresh')
    const names = room.backends.map(({ name }) => name)
    const settings = room.loadSettings(world.files, world.environment, names)
    const environment = room.withEndpoints(world.environment, settings)
    const { catalog, reports } = await withLiveOffers(base, {
      requirements,
      environment,
      timeoutMs,
      bounds: settings.bounds,
    })
    tell(reports, { requirements, held: new Set(catalog.backends()) }, world, flags)
    return { catalog, live: { timeoutMs, reports } }
  }
}

/** The key `live` of an answer. */
export const toLiveDocument = ({ timeoutMs, reports }: LiveAsked): Json => ({
  timeout_seconds: timeoutMs / 1000,
  backends: reports.map(({ backend, state, offers, why, observation, tookMs }) => ({
    backend,
    state,
    offers,
    why,
    source: observation?.source ?? null,
    observed_at: observation?.observedAt ?? null,
    took_ms: Math.round(tookMs),
  })),
})

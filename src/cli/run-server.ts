/** `server`, from its options to its end. */
import { resolve } from 'node:path'
import type { RunsHere } from '#api/runs'
import { ArgumentError } from '#domain/errors'
import { parseInstant } from '#platform/clock'
import { onInterrupts } from '#platform/interrupts'
import { systemHttpClock } from '#platform/http-time'
import type { ServerFlags } from './commands/server.ts'
import { exitCodes } from './exit-codes.ts'
import { openUnderOverlay } from './open-under-overlay.ts'
import { catalogSearch } from './run-offers.ts'
import { keepRefreshing } from './server-refresh.ts'
import { printGreeting, serverUrls } from './server-greeting.ts'
import { certificatesOf } from './server-tls.ts'
import { withRuns } from './with-runs.ts'
import type { World } from './world.ts'

const levels: ReadonlySet<string> = new Set(['debug', 'info', 'warn', 'error', 'silent'])

/** Everything of the server's in one folder, where one was named. */
const worldOf = (world: World, { data }: ServerFlags): World =>
  data === undefined
    ? world
    : {
        ...world,
        environment: { ...world.environment, DSTACK_OFFERS_HOME: resolve(world.cwd, data) },
      }

const checkFlags = async (flags: ServerFlags): Promise<void> => {
  const { logLevel, gatewayDomain, schedule } = flags
  if (schedule !== undefined) (await import('#api/refresh-schedule')).checkSchedule(schedule)
  if (!levels.has(logLevel)) {
    throw new ArgumentError(`"${logLevel}" is no level of a log`, {
      hint: [...levels].join(', '),
    })
  }
  if (gatewayDomain !== undefined && !/^[a-z0-9-]+(\.[a-z0-9-]+)*$/.test(gatewayDomain)) {
    throw new ArgumentError(`"${gatewayDomain}" is no domain`, { hint: 'such as example.com' })
  }
}

const isLoopback = (host: string): boolean => /^(127\.|::1$|localhost$)/.test(host)

/** A burst of a second's worth, one at least. */
const rateOf = (perSecond: number | undefined) =>
  perSecond === undefined ? null : { perSecond, burst: Math.max(1, Math.ceil(perSecond)) }

const catalogReadMs = 60_000

/** The newest price of each backend, when it was seen. Reads a whole catalog, so seldom. */
const pricesSeen = (flags: ServerFlags, world: World) => {
  let last: { readonly atMs: number; readonly seen: ReadonlyMap<string, number> } | null = null
  return async (): Promise<ReadonlyMap<string, number>> => {
    const nowMs = systemHttpClock.nowMs()
    if (last !== null && nowMs - last.atMs < catalogReadMs) return last.seen
    const { catalog } = await openUnderOverlay(flags, world)
    try {
      const seen = new Map<string, number>()
      for (const { backend, sources } of catalog.listing().backends) {
        const seenMs = parseInstant(sources.at(-1)?.observedAt ?? '')
        if (seenMs !== null) seen.set(backend, seenMs)
      }
      last = { atMs: nowMs, seen }
      return seen
    } finally {
      catalog.close()
    }
  }
}

/** When it is told to end, and when it is told so again. */
const endings = () => {
  const heard = [() => undefined, () => undefined]
  const told = (at: number) =>
    new Promise<void>((resolve) => {
      heard[at] = () => {
        resolve()
        return undefined
      }
    })
  const [first, second] = [told(0), told(1)]
  const forget = onInterrupts((times) => heard[times - 1]?.())
  return { first, second, forget }
}

const serve = async (
  flags: ServerFlags,
  world: World,
  { runs, stop }: { readonly runs: RunsHere; readonly stop: AbortController },
): Promise<number> => {
  const room = await import('#api/server')
  const { openTokens, newIdentify, parseDuration } = await import('#api/tokens')
  const { announceServer, serverHere, withdrawServer } = await import('#api/server-here')
  const log = room.newLog((line) => world.stderr.write(line), flags.logLevel)
  const { environment } = world
  const before = serverHere(environment)
  if (before !== null) {
    throw new ArgumentError(`a server of this data folder is at ${before.url}`, {
      hint: `end it first, process ${before.pid}, or give another --data`,
    })
  }
  const tokens = openTokens(environment, () => systemHttpClock.nowMs())
  const certificates = await certificatesOf(flags, { world, runs, log, signal: stop.signal })
  const ms = (text: string): number => parseDuration(text) * 1000
  const server = await room.startServer({
    host: flags.host,
    port: flags.port,
    domain: flags.gatewayDomain ?? null,
    tls: certificates === null ? null : { port: flags.tlsPort, certificates },
    runs,
    environment,
    clock: systemHttpClock,
    identify: newIdentify(tokens, (error) =>
      log.error({ problem: error instanceof Error ? error.message : String(error) }, 'tokens'),
    ),
    limits: {
      holdMs: ms(flags.hold),
      maxHeld: flags.maxHeld,
      perToken: rateOf(flags.tokenRate),
      perClient: rateOf(flags.clientRate),
    },
    trustedPeer: () => flags.trustProxy === true,
    readyWithinMs: ms(flags.readyWithin),
    pricesSeen: pricesSeen(flags, world),
    log,
    signal: stop.signal,
  })
  // Not before it listens: a token that nobody was shown would be lost.
  const admin = tokens.ensureAdminToken()
  const { port, tlsPort } = server
  const place = { host: flags.host, port, tlsPort, domain: flags.gatewayDomain ?? null }
  announceServer(environment, serverUrls(place))
  world.stdout.write(printGreeting({ ...place, adminToken: admin?.text ?? null }))
  log.info({ host: flags.host, port, tlsPort }, 'listening')
  if (tlsPort === null && flags.trustProxy !== true && !isLoopback(flags.host)) {
    log.warn('without TLS, tokens can be read on the way: --tls-cert, --acme or a proxy in front')
  }
  const refreshing = keepRefreshing(flags, world, { log, signal: stop.signal }).catch(
    (error: unknown) => log.error({ problem: String(error) }, 'catalogs are refreshed no more'),
  )
  const asked = endings()
  await asked.first
  log.info('ending: requests in flight end first; a second signal ends at once')
  withdrawServer(environment)
  await Promise.race([server.drain(ms(flags.drain)), asked.second])
  asked.forget()
  stop.abort()
  await server.close()
  await refreshing
  tokens.close()
  log.info('ended')
  return exitCodes.done
}

export const runServer = async (flags: ServerFlags, outer: World): Promise<number> => {
  await checkFlags(flags)
  const world = worldOf(outer, flags)
  const stop = new AbortController()
  return withRuns(
    world,
    stop.signal,
    (runs) => serve(flags, world, { runs, stop }),
    catalogSearch(flags, world),
  )
}

/** Parts, ports and loops together: one server, from its first request to its last. */
import { decideEveryMs } from '#autoscaler/decide'
import type { OnTrouble } from '#runs/hands'
import { everySoOften, keepReconciling } from './loops.ts'
import { newNudge } from './nudge.ts'
import { newOwnPages } from './own-pages.ts'
import { newParts, type Parts, type PartsOptions } from './parts.ts'
import { openPorts, type TlsPort } from './ports.ts'
import { scaleRuns } from './scaling.ts'

export interface ServerOptions extends PartsOptions {
  readonly host: string
  /** 0 for a free one. */
  readonly port: number
  readonly tls: TlsPort | null
  /** Ends the loops at once. Requests have to be drained before. */
  readonly signal: AbortSignal
}

export interface RunningServer {
  readonly port: number
  readonly tlsPort: number | null
  /** No new connection; resolves when what is in flight has been answered, or the time is over. */
  drain(graceMs: number): Promise<void>
  /** After the signal has aborted: cuts what is still open. */
  close(): Promise<void>
}

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const glanceEveryMs = 50
const restMs = 2000

/** Until the signal aborts: the board is kept, runs are scaled, and what is wanted is brought about. */
const keepGoing = (
  { runs, clock, log, signal }: ServerOptions,
  { gateway, board, traffic, load }: Parts,
  onTrouble: OnTrouble,
): Promise<unknown> => {
  const { store } = runs
  const nudge = newNudge(clock, restMs)
  const scaling = {
    store,
    nowMs: () => clock.nowMs(),
    traffic,
    load,
    sinceMs: clock.nowMs(),
    onScaled: ({ name }: { readonly name: string }, decided: { replicas: number; why: string }) => {
      log.info({ run: name, ...decided }, 'scaled')
      nudge.nudge()
    },
  }
  const every = (everyMs: number, where: string, work: () => void) =>
    everySoOften({ clock, signal, everyMs }, (error) => onTrouble(where, error), work)
  let known = ''
  /** A run that is new, or is to end, need not wait for the next pass. */
  const glance = (): void => {
    board.glance()
    const wanted = board
      .services()
      .map(({ runId }) => runId)
      .join()
    if (wanted !== known) nudge.nudge()
    known = wanted
  }
  const hands = { ...runs.hands, signal, drain: (id: string) => gateway.drain(id) }
  return Promise.all([
    every(glanceEveryMs, 'board', glance),
    every(decideEveryMs, 'autoscaler', () => scaleRuns(scaling)),
    keepReconciling(hands, nudge, {
      onChange: () => board.look(),
      onWait: () => log.info('another process looks after the runs'),
      onTrouble,
    }),
  ])
}

export const startServer = async (options: ServerOptions): Promise<RunningServer> => {
  const { identify, log } = options
  const onTrouble: OnTrouble = (where, error) => {
    log.warn({ where, problem: textOf(error) }, 'trouble')
  }
  const parts = newParts(options, onTrouble)
  const { gateway, board, metrics } = parts
  let isUp = true
  const notReady = (): string | null => (isUp ? null : 'the server is ending')
  const ownPages = newOwnPages({ identify, metrics, notReady })
  board.look()
  const domain = options.domain ?? 'localhost'
  const { servers, port, tlsPort } = await openPorts(options, { gateway, ownPages, domain })
  const going = keepGoing(options, parts, onTrouble)
  return {
    port,
    tlsPort,
    drain: async (graceMs) => {
      isUp = false
      for (const server of servers) server.close()
      for (const server of servers) server.closeIdleConnections()
      await gateway.close(graceMs)
    },
    close: async () => {
      for (const server of servers) server.closeAllConnections()
      await going
      board.close()
    },
  }
}

/** What the gateway is given: who may enter, where models answer, how long and how much. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Bearer, IdentifyBearer } from '#domain/serving'

export interface GatewayClock {
  /** Milliseconds since 1970. */
  nowMs(): number
  /** Resolves after so long, or rejects as soon as the signal aborts. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>
}

/** One request of a service from its entry to the end of its answer. */
export interface Answered {
  readonly runId: string
  /**
   * As the client saw it; 499 where the client left before an answer, 502 also where the replica died
   * in the middle of one.
   */
  readonly status: number
  readonly tookMs: number
  /** Null where no byte of an answer came from a replica. */
  readonly firstByteMs: number | null
}

/** Called on the way of every request: each must be cheap and must not throw. */
export interface GatewayEvents {
  /** A request to a service was let in: once each, also where no replica is up. */
  counted(runId: string, nowMs: number): void
  answered(answer: Answered): void
  /** Connections to the replica fail: it is left alone while there are others. */
  ejected(runId: string, replicaId: string): void
  returned(runId: string, replicaId: string): void
}

/** What answers at `gateway.<domain>` and under `/v1`. The bearer is already known to be good. */
export type ModelsHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  bearer: Bearer,
  /** Path and query, as they came. */
  path: string,
) => Promise<void>

/** A bucket of tokens: so many requests at once, and so many more every second. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

export interface GatewayLimits {
  /** Requests that wait for a replica of one service. */
  readonly maxHeld: number
  readonly holdMs: number
  /** Without a byte from either side for so long, a request is over. 0 never ends one. */
  readonly idleTimeoutMs: number
  /** From entry to the last byte; 0 for no limit. */
  readonly requestTimeoutMs: number
  readonly connectTimeoutMs: number
  /** Null for bodies of any size. */
  readonly maxBodyBytes: number | null
  /** Further replicas that are tried after the first. */
  readonly maxRetries: number
  /** Connections that fail in a row before a replica is ejected. */
  readonly failuresToEject: number
  /** The first wait before an ejected replica is probed; it doubles up to 32 times as much. */
  readonly probeMs: number
  readonly perToken: Rate | null
  readonly perClient: Rate | null
}

export const defaultGatewayLimits: GatewayLimits = {
  maxHeld: 100,
  holdMs: 300_000,
  idleTimeoutMs: 300_000,
  requestTimeoutMs: 0,
  connectTimeoutMs: 5_000,
  maxBodyBytes: null,
  maxRetries: 2,
  failuresToEject: 2,
  probeMs: 250,
  perToken: null,
  perClient: null,
}

export interface GatewayOptions {
  /** Runs answer at `<run>.<domain>`; null stands for `localhost`. */
  readonly domain: string | null
  readonly identify: IdentifyBearer
  readonly models: ModelsHandler
  /** What is not said is `defaultGatewayLimits`. */
  readonly limits: Partial<GatewayLimits>
  readonly clock: GatewayClock
  readonly events: GatewayEvents
  /** Whether what a peer of this address says about the client it speaks for is believed. */
  readonly trustedPeer?: (address: string) => boolean
}

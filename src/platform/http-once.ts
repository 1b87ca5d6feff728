/** One HTTP exchange without a second attempt, for calls that must not happen twice by accident. */
import {
  type ExchangeLimits,
  type HttpAnswer,
  type HttpRequest,
  newExchange,
  type OpenAnswer,
} from './http-exchange.ts'
import { ExchangeFailure } from './http-failure.ts'
import type { HttpClock } from './http-time.ts'
import { type HostLimit, newTurns, type Starts } from './http-turns.ts'

export type HttpMethod = HttpRequest['method']

/** No answer came. */
export class NoAnswer extends Error {
  /** False where the request surely never left: there was no connection. */
  readonly wasSent: boolean
  constructor(message: string, wasSent: boolean) {
    super(message)
    this.name = 'NoAnswer'
    this.wasSent = wasSent
  }
}

/** A body of which nothing came for too long. */
export class WentSilent extends NoAnswer {
  constructor(message: string) {
    super(message, true)
    this.name = 'WentSilent'
  }
}

const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

export interface HttpOnce {
  /** The answer, of any status; redirects are answers too. Throws NoAnswer. */
  exchange(request: HttpRequest, limit: HostLimit, signal: AbortSignal): Promise<HttpAnswer>
  /**
   * The same, but returns with the head of a success: its body is read as it comes, without an end
   * of its own, and throws WentSilent where nothing comes for so long.
   */
  open(
    request: HttpRequest,
    silenceMs: number,
    limit: HostLimit,
    signal: AbortSignal,
  ): Promise<OpenAnswer | HttpAnswer>
  close(): Promise<void>
}

const noAnswer = (error: unknown): unknown => {
  if (!(error instanceof ExchangeFailure)) return error
  const { message } = error
  if (message === 'UND_ERR_BODY_TIMEOUT') return new WentSilent(message)
  return new NoAnswer(message, !neverConnected.has(message))
}

async function* piecesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of pieces) yield piece
  } catch (error) {
    throw noAnswer(error)
  }
}

export const newHttpOnce = (options: {
  readonly limits: ExchangeLimits
  readonly clock: HttpClock
  /** Where other processes speak to the same hosts; those of this process alone where absent. */
  readonly starts?: Starts
}): HttpOnce => {
  const exchange = newExchange(options.limits)
  const turns = newTurns(options.clock, options.starts)
  return {
    exchange: async (request, limit, signal) => {
      try {
        return await turns.take(request.url.host, limit, signal, () =>
          exchange.send(request, signal),
        )
      } catch (error) {
        throw noAnswer(error)
      }
    },
    open: async (request, silenceMs, limit, signal) => {
      try {
        // The turn is over with the head: who follows for hours keeps nobody waiting.
        const answer = await turns.take(request.url.host, limit, signal, () =>
          exchange.open(request, silenceMs, signal),
        )
        return 'pieces' in answer ? { ...answer, pieces: piecesOf(answer.pieces) } : answer
      } catch (error) {
        throw noAnswer(error)
      }
    },
    close: () => exchange.close(),
  }
}

/** One HTTP exchange without a second attempt, for calls that must not happen twice by accident. */
import {
  type ExchangeLimits,
  type HttpAnswer,
  type HttpRequest,
  newExchange,
} from './http-exchange.ts'
import { ExchangeFailure } from './http-failure.ts'
import type { HttpClock } from './http-time.ts'
import { type HostLimit, newTurns } from './http-turns.ts'

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
  close(): Promise<void>
}

export const newHttpOnce = (options: {
  readonly limits: ExchangeLimits
  readonly clock: HttpClock
}): HttpOnce => {
  const exchange = newExchange(options.limits)
  const turns = newTurns(options.clock)
  return {
    exchange: async (request, limit, signal) => {
      try {
        return await turns.take(request.url.host, limit, signal, () =>
          exchange.send(request, signal),
        )
      } catch (error) {
        if (!(error instanceof ExchangeFailure)) throw error
        throw new NoAnswer(error.message, !neverConnected.has(error.message))
      }
    },
    close: () => exchange.close(),
  }
}

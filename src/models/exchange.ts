/** One request to a model, once its run is chosen. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Service } from '#domain/serving'
import type { UpstreamAnswer, UpstreamRequest } from '#gateway/gateway'

/** Of the gateway: waits for a replica, counts, balances, and retries where that is safe. */
export type Send = (
  service: Service,
  request: UpstreamRequest,
  signal: AbortSignal,
) => Promise<UpstreamAnswer>

export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly body: Buffer
  /** Aborts when the client has left. */
  readonly signal: AbortSignal
  ask(request: UpstreamRequest): Promise<UpstreamAnswer>
}

/** An answer whose body ends as soon as the client leaves, also while nobody reads it. */
export const askUntilGone =
  (send: Send, service: Service, signal: AbortSignal): Exchange['ask'] =>
  async (request) => {
    const answer = await send(service, request, signal)
    const end = (): void => {
      answer.body.destroy()
    }
    if (signal.aborted) end()
    else signal.addEventListener('abort', end, { once: true })
    answer.body.once('close', () => signal.removeEventListener('abort', end))
    return answer
  }

export const isSuccess = ({ status }: UpstreamAnswer): boolean => status >= 200 && status < 300

/** For a stream of events: no proxy in front may keep them back. */
export const eventStreamHeaders = {
  'cache-control': 'no-cache',
  'x-accel-buffering': 'no',
} as const

/** What a client is told when the gateway itself answers: one small shape of JSON, always. */
import type { ServerResponse } from 'node:http'
import { KnownError } from '#domain/errors'

interface RefusalParts {
  readonly status: number
  readonly type: string
  /** For programs; never changes. */
  readonly reason: string
  readonly message: string
  readonly hint?: string
  readonly retryAfterSeconds?: number
  readonly cause?: unknown
}

/** A request that gets no answer of a replica. `status` is the HTTP status that says why. */
export class GatewayRefusal extends KnownError {
  readonly code = 'gateway-refused'
  readonly recovery = 'retry-later'
  readonly status: number
  readonly type: string
  readonly reason: string
  readonly retryAfterSeconds: number | null

  constructor(parts: RefusalParts) {
    super(parts.message, { hint: parts.hint, cause: parts.cause })
    this.status = parts.status
    this.type = parts.type
    this.reason = parts.reason
    this.retryAfterSeconds = parts.retryAfterSeconds ?? null
  }
}

const invalid = (status: number, reason: string, message: string): GatewayRefusal =>
  new GatewayRefusal({ status, type: 'invalid_request_error', reason, message })

export const badRequest = (message: string): GatewayRefusal => invalid(400, 'bad_request', message)

export const methodRefused = (method: string): GatewayRefusal =>
  invalid(405, 'method_not_allowed', `The method "${method}" is not passed on.`)

export const bodyTooLarge = (maxBytes: number): GatewayRefusal =>
  invalid(413, 'body_too_large', `The body is larger than ${maxBytes} bytes.`)

/** The same for every host that is not an open service, so that names cannot be probed. */
export const tokenMissing = (): GatewayRefusal =>
  invalid(401, 'invalid_token', 'A valid token is needed: Authorization: Bearer <token>.')

export const notFound = (): GatewayRefusal =>
  invalid(404, 'not_found', 'There is no such service, or the token may not use it.')

export const tooManyRequests = (retryAfterSeconds: number): GatewayRefusal =>
  new GatewayRefusal({
    status: 429,
    type: 'rate_limit_error',
    reason: 'rate_limit_exceeded',
    message: `Too many requests: the next is let in after ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  })

const unavailable = (reason: string, message: string, seconds: number): GatewayRefusal =>
  new GatewayRefusal({
    status: 503,
    type: 'service_unavailable',
    reason,
    message,
    retryAfterSeconds: seconds,
  })

export const queueFull = (run: string): GatewayRefusal =>
  unavailable('queue_full', `"${run}" is starting, and enough requests wait for it already.`, 10)

export const notReady = (run: string): GatewayRefusal =>
  unavailable('not_ready', `"${run}" had no replica ready in time.`, 10)

export const replicaFailed = (run: string, cause: unknown): GatewayRefusal =>
  new GatewayRefusal({
    status: 502,
    type: 'upstream_error',
    reason: 'replica_failed',
    message: `A replica of "${run}" broke off before it answered.`,
    cause,
  })

export const replicaSilent = (run: string, cause: unknown): GatewayRefusal =>
  new GatewayRefusal({
    status: 504,
    type: 'upstream_error',
    reason: 'replica_timeout',
    message: `A replica of "${run}" did not answer in time.`,
    cause,
  })

export const tookTooLong = (run: string): GatewayRefusal =>
  new GatewayRefusal({
    status: 504,
    type: 'upstream_error',
    reason: 'request_timeout',
    message: `The request to "${run}" took longer than a request may take.`,
  })

/** A bug of ours: its text is for the log, not for the client. */
export const unforeseen = (cause: unknown): GatewayRefusal =>
  cause instanceof GatewayRefusal
    ? cause
    : new GatewayRefusal({
        status: 500,
        type: 'server_error',
        reason: 'internal_error',
        message: 'The gateway failed to answer.',
        cause,
      })

const bodyOf = (refusal: GatewayRefusal, requestId: string): string =>
  JSON.stringify({
    error: { message: refusal.message, type: refusal.type, code: refusal.reason },
    request_id: requestId,
  })

/** Headers of a refusal, beside those about its body. */
const headersOf = (refusal: GatewayRefusal, requestId: string): Record<string, string> => ({
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-request-id': requestId,
  ...(refusal.status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  ...(refusal.retryAfterSeconds === null ? {} : { 'retry-after': `${refusal.retryAfterSeconds}` }),
})

/** A body larger than this that was never read costs the connection. */
const drainedBytes = 1024 * 1024

const mustClose = (response: ServerResponse): boolean => {
  const { complete, headers } = response.req
  if (complete) return false
  return headers['transfer-encoding'] !== undefined || headers.expect !== undefined
    ? true
    : Number(headers['content-length'] ?? 0) > drainedBytes
}

/** Answers with a refusal, if nothing was answered yet; else the connection ends, cut short. */
export const refuse = (
  response: ServerResponse,
  refusal: GatewayRefusal,
  requestId: string,
): void => {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const body = bodyOf(refusal, requestId)
  if (refusal.status === 408 || mustClose(response)) response.shouldKeepAlive = false
  response.writeHead(refusal.status, {
    ...headersOf(refusal, requestId),
    'content-length': Buffer.byteLength(body),
  })
  response.end(body)
}

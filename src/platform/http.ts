/**
 * The one door to HTTP. Retries what may pass, waits as long as a server asks, keeps hosts apart,
 * asks for an answer only where it changed, and never sends credentials to another host. Messages
 * name method, host and path: never a query, a header or a body.
 */
import {
  UpstreamCredentialsError,
  UpstreamInvalidError,
  UpstreamRefusedError,
  UpstreamUnreachableError,
} from '#domain/errors'
import {
  type ExchangeLimits,
  type HttpHead,
  type HttpRequest,
  newExchange,
  type ReadBody,
} from './http-exchange.ts'
import { ExchangeFailure } from './http-failure.ts'
import { type Backoff, backoffMs, type HttpClock, retryAfterMs } from './http-time.ts'
import { type HostLimit, newTurns } from './http-turns.ts'
import { oauthRefusalIn } from './oauth-refusal.ts'

export interface HttpOptions {
  readonly clock: HttpClock
  readonly limits: ExchangeLimits
  readonly backoff: Backoff
  /** A number from 0 to 1, for the spread of waits. */
  readonly random: () => number
  /** Answers of earlier runs; null asks for everything anew. */
  readonly stash: AnswerStash | null
}

/** An answer that may be asked for conditionally. Answers to credentials are never kept. */
export interface StashedAnswer {
  readonly etag: string | null
  readonly lastModified: string | null
  readonly text: string
}

export interface AnswerStash {
  get(url: string): StashedAnswer | null
  put(url: string, answer: StashedAnswer): void
}

export interface Call {
  readonly method?: 'GET' | 'POST'
  readonly url: URL
  readonly headers?: Readonly<Record<string, string>>
  /** Headers that hold credentials: sent to this host only. */
  readonly secretHeaders?: Readonly<Record<string, string>>
  readonly body?: string
  /** The body holds credentials, or the call must not be made twice. */
  readonly secretBody?: boolean
  readonly limit: HostLimit
  readonly signal: AbortSignal
}

interface Answer {
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  /** The server says that it is the answer of the last time. */
  readonly unchanged: boolean
}

/** What an answer without success says of asking again. */
export interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
}

export interface HttpClient {
  send(call: Call): Promise<Answer>
  /**
   * Asks in another way than `send`, with the same patience: again where the refusal that `refusalIn`
   * finds in an error may pass, after as long as it asks for.
   */
  patiently<T>(
    ask: () => Promise<T>,
    refusalIn: (error: unknown) => Refusal | null,
    signal: AbortSignal,
  ): Promise<T>
  /**
   * For a body too great to hold: `read` gets it piece by piece, out of its encoding, and is run anew
   * from the first piece where the connection breaks before the last. Errors of its own are final.
   */
  stream<T>(call: Call, read: ReadBody<T>): Promise<T>
  close(): Promise<void>
}

export const defaultHttpLimits: ExchangeLimits = {
  connectMs: 10_000,
  silenceMs: 30_000,
  wholeMs: 120_000,
  bodyBytes: 256 * 1024 * 1024,
  streamMs: 600_000,
  streamBytes: 16 * 1024 * 1024 * 1024,
}

export const defaultBackoff: Backoff = { attempts: 4, firstDelayMs: 500, longestDelayMs: 30_000 }

/** No server is waited for longer than this, whatever it asks. */
const longestWaitMs = 120_000

const mostRedirects = 5

/** Method, host and path: what a message may tell. */
const nameOf = ({ method, url }: HttpRequest): string => `${method} ${url.host}${url.pathname}`

const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

const mayPass = (status: number): boolean => status === 408 || status === 429 || status >= 500

const requestOf = (call: Call, stashed: StashedAnswer | null): HttpRequest => ({
  method: call.method ?? 'GET',
  url: call.url,
  headers: {
    accept: 'application/json',
    'user-agent': 'dstack-offers',
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...call.headers,
    ...call.secretHeaders,
    ...(stashed?.etag ? { 'if-none-match': stashed.etag } : {}),
    ...(stashed?.lastModified ? { 'if-modified-since': stashed.lastModified } : {}),
  },
  body: call.body ?? null,
})

const isSecret = (call: Call): boolean =>
  call.secretHeaders !== undefined || call.secretBody === true

/** Where a redirect leads; throws where following it would carry credentials to another place. */
const redirected = (call: Call, request: HttpRequest, answer: HttpHead): HttpRequest => {
  const target = answer.headers['location']
  if (target === undefined || !URL.canParse(target, request.url.href)) {
    throw new UpstreamRefusedError(`${nameOf(request)} redirects nowhere`)
  }
  const url = new URL(target, request.url)
  if (url.origin !== call.url.origin && isSecret(call)) {
    throw new UpstreamRefusedError(
      `${nameOf(request)} redirects to "${url.host}", which gets no credentials`,
      { hint: 'if the source has moved, point its endpoint there' },
    )
  }
  return { ...request, url }
}

const credentialsError = (name: string, why: string): Error =>
  new UpstreamCredentialsError(`${name} rejects the credentials (${why})`, {
    hint: 'check that they are valid and may read',
  })

/** Credentials that are sent as a body are refused in the words of OAuth, and not by the status. */
const grantRefusalOf = ({ secretBody }: Call, answer: HttpHead): string | null =>
  secretBody === true &&
  answer.status === 400 &&
  'text' in answer &&
  typeof answer.text === 'string'
    ? oauthRefusalIn(answer.text)
    : null

const refusalOf = (call: Call, request: HttpRequest, answer: HttpHead): Error => {
  const { status } = answer
  const name = nameOf(request)
  if (status === 401 || status === 403) return credentialsError(name, `HTTP ${status}`)
  const refusal = grantRefusalOf(call, answer)
  if (refusal !== null) return credentialsError(name, `HTTP ${status}, ${refusal}`)
  return new UpstreamRefusedError(`${name} answered HTTP ${status}`)
}

const failureError = (request: HttpRequest, failure: ExchangeFailure): Error =>
  failure.kind === 'network'
    ? new UpstreamUnreachableError(`${nameOf(request)}: ${failure.message}`)
    : new UpstreamInvalidError(`${nameOf(request)}: ${failure.message}`)

const unasked304 = ({ url }: Call): Error =>
  new UpstreamInvalidError(`${url.host} answered 304 to a plain request`)

type Send<A extends HttpHead> = (request: HttpRequest) => Promise<A>

export const newHttpClient = ({
  clock,
  limits,
  backoff,
  random,
  stash,
}: HttpOptions): HttpClient => {
  const exchange = newExchange(limits)
  const turns = newTurns(clock)

  const attempt = async <A extends HttpHead>(
    call: Call,
    first: HttpRequest,
    send: Send<A>,
  ): Promise<A> => {
    let request = first
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const sent = request
      const answer = await turns.take(sent.url.host, call.limit, call.signal, () => send(sent))
      if (!isRedirect(answer.status)) return answer
      request = redirected(call, request, answer)
    }
    throw new UpstreamRefusedError(`${nameOf(first)} redirects more than ${mostRedirects} times`)
  }

  /** The answer, or why there is none and how long the server asks to wait. */
  const outcome = async <A extends HttpHead>(call: Call, request: HttpRequest, send: Send<A>) => {
    try {
      const answer = await attempt(call, request, send)
      if (answer.status < 300 || answer.status === 304) return { answer }
      const error = refusalOf(call, request, answer)
      if (!mayPass(answer.status)) throw error
      return { error, waitMs: retryAfterMs(answer.headers['retry-after'], clock.nowMs()) }
    } catch (error) {
      if (!(error instanceof ExchangeFailure)) throw error
      if (error.kind === 'too-large') throw failureError(request, error)
      return { error: failureError(request, error), waitMs: null }
    }
  }

  /** Throws the error where it was the last attempt, or where the wait would be too long. */
  const waitAfter = async (
    failures: number,
    { error, waitMs }: { readonly error: unknown; readonly waitMs: number | null },
    signal: AbortSignal,
  ): Promise<void> => {
    if (failures >= backoff.attempts || (waitMs ?? 0) > longestWaitMs) throw error
    await clock.sleep(waitMs ?? backoffMs(backoff, failures, random()), signal)
  }

  const withRetries = async <A extends HttpHead>(
    call: Call,
    request: HttpRequest,
    send: Send<A>,
  ): Promise<A> => {
    for (let failures = 1; ; failures++) {
      const { answer, error, waitMs = null } = await outcome(call, request, send)
      if (answer) return answer
      await waitAfter(failures, { error, waitMs }, call.signal)
    }
  }

  return {
    send: async (call) => {
      const keep = stash !== null && call.body === undefined && !isSecret(call)
      const stashed = keep ? stash.get(call.url.href) : null
      const { status, headers, text } = await withRetries(
        call,
        requestOf(call, stashed),
        (request) => exchange.send(request, call.signal),
      )
      if (status === 304) {
        if (stashed) return { text: stashed.text, headers, unchanged: true }
        throw unasked304(call)
      }
      const etag = headers['etag'] ?? null
      const lastModified = headers['last-modified'] ?? null
      if (keep && (etag !== null || lastModified !== null)) {
        stash.put(call.url.href, { etag, lastModified, text })
      }
      return { text, headers, unchanged: false }
    },
    stream: async (call, read) => {
      const answer = await withRetries(call, requestOf(call, null), (request) =>
        exchange.stream(request, call.signal, read),
      )
      if (answer.read === null) throw unasked304(call)
      return answer.read.value
    },
    patiently: async (ask, refusalIn, signal) => {
      for (let failures = 1; ; failures++) {
        try {
          return await ask()
        } catch (error) {
          const refusal = refusalIn(error)
          if (refusal === null || !mayPass(refusal.status)) throw error
          const waitMs = retryAfterMs(refusal.headers['retry-after'], clock.nowMs())
          await waitAfter(failures, { error, waitMs }, signal)
        }
      }
    },
    close: () => exchange.close(),
  }
}

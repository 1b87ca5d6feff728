/** One request and its answer: timeouts, a limit on the body, gzip. No second attempt. */
import { Agent, type Dispatcher } from 'undici'
import { readPieces, readText } from './http-body.ts'
import { failureOf } from './http-failure.ts'
import { reasonOf } from './http-time.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface HttpHead {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
}

export interface HttpAnswer extends HttpHead {
  readonly text: string
}

/** `read` is null where the answer was no success: its body is thrown away. */
interface StreamedAnswer<T> extends HttpHead {
  readonly read: { readonly value: T } | null
}

/** An answer whose body is read as it comes: whoever stops before its end closes the connection. */
export interface OpenAnswer extends HttpHead {
  readonly pieces: AsyncIterable<Uint8Array>
}

export type ReadBody<T> = (body: AsyncIterable<Uint8Array>) => Promise<T>

export interface ExchangeLimits {
  readonly connectMs: number
  /** Until the headers are there, and between two pieces of the body. */
  readonly silenceMs: number
  /** For all of one attempt: a body that drips is no answer. */
  readonly wholeMs: number
  /** Of the body as it comes out of its encoding. */
  readonly bodyBytes: number
  /** The same two for a body that is read piece by piece. */
  readonly streamMs: number
  readonly streamBytes: number
}

export interface Exchange {
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>
  /** Errors of `read` are thrown as they are. */
  stream<T>(
    request: HttpRequest,
    signal: AbortSignal,
    read: ReadBody<T>,
  ): Promise<StreamedAnswer<T>>
  /**
   * Returns with the head of a success; its body may go on for ever, and fails where nothing comes
   * for so long. What is no success comes whole.
   */
  open(
    request: HttpRequest,
    silenceMs: number,
    signal: AbortSignal,
  ): Promise<OpenAnswer | HttpAnswer>
  close(): Promise<void>
}

const plainHeaders = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )

const isSuccess = (status: number): boolean => status >= 200 && status < 300

/** Translates errors of the connection, and tells an abort from them. */
interface Guard {
  readonly signal: AbortSignal
  failure(error: unknown): Error
}

const guardOf = (signal: AbortSignal, wholeMs: number): Guard => {
  const whole = AbortSignal.timeout(wholeMs)
  return {
    signal: AbortSignal.any([signal, whole]),
    failure: (error) => (signal.aborted ? reasonOf(signal) : failureOf(error, whole.aborted)),
  }
}

async function* guarded<T>(items: AsyncIterable<T>, guard: Guard): AsyncGenerator<T> {
  try {
    for await (const item of items) yield item
  } catch (error) {
    throw guard.failure(error)
  }
}

export const newExchange = (limits: ExchangeLimits): Exchange => {
  const agent = new Agent({
    connect: { timeout: limits.connectMs },
    headersTimeout: limits.silenceMs,
    bodyTimeout: limits.silenceMs,
  })
  const ask = (
    { method, url, headers, body }: HttpRequest,
    signal: AbortSignal,
    silenceMs: number = limits.silenceMs,
  ): Promise<Dispatcher.ResponseData> =>
    agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
      body,
      signal,
      bodyTimeout: silenceMs,
    })

  /** The head of an answer, and its body where it is a success. */
  const open = async (request: HttpRequest, guard: Guard) => {
    try {
      const { statusCode: status, headers, body } = await ask(request, guard.signal)
      if (!isSuccess(status)) await body.dump()
      return { status, headers: plainHeaders(headers), body }
    } catch (error) {
      throw guard.failure(error)
    }
  }

  return {
    send: async (request, signal) => {
      const guard = guardOf(signal, limits.wholeMs)
      try {
        const answer = await ask(request, guard.signal)
        const headers = plainHeaders(answer.headers)
        const encoding = headers['content-encoding'] ?? ''
        const text = await readText(answer.body, encoding, limits.bodyBytes, guard.signal)
        return { status: answer.statusCode, headers, text }
      } catch (error) {
        throw guard.failure(error)
      }
    },
    stream: async (request, signal, read) => {
      const guard = guardOf(signal, limits.streamMs)
      const { status, headers, body } = await open(request, guard)
      if (!isSuccess(status)) return { status, headers, read: null }
      const pieces = readPieces(body, headers['content-encoding'] ?? '', limits.streamBytes)
      return { status, headers, read: { value: await read(guarded(pieces, guard)) } }
    },
    open: async (request, silenceMs, signal) => {
      const guard: Guard = {
        signal,
        failure: (error) => (signal.aborted ? reasonOf(signal) : failureOf(error, false)),
      }
      try {
        const { statusCode: status, body, ...answer } = await ask(request, signal, silenceMs)
        const headers = plainHeaders(answer.headers)
        const encoding = headers['content-encoding'] ?? ''
        if (isSuccess(status)) {
          return { status, headers, pieces: guarded(readPieces(body, encoding, Infinity), guard) }
        }
        return { status, headers, text: await readText(body, encoding, limits.bodyBytes, signal) }
      } catch (error) {
        throw guard.failure(error)
      }
    },
    close: () => agent.destroy(),
  }
}

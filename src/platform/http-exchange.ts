/** One request and its answer, read whole: timeouts, a limit on the body, gzip. No second attempt. */
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { pipeline } from 'node:stream/promises'
import { Writable, type Readable } from 'node:stream'
import { Agent } from 'undici'

export interface HttpRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

export interface HttpAnswer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export interface ExchangeLimits {
  readonly connectMs: number
  /** Until the headers are there, and between two pieces of the body. */
  readonly silenceMs: number
  /** For all of one attempt: a body that drips is no answer. */
  readonly wholeMs: number
  /** Of the body as it comes out of its encoding. */
  readonly bodyBytes: number
}

/** Why an exchange gave no answer. Never holds a header or a body. */
export class ExchangeFailure extends Error {
  readonly kind: 'network' | 'too-large' | 'broken'

  constructor(kind: 'network' | 'too-large' | 'broken', message: string) {
    super(message)
    this.kind = kind
  }
}

export interface Exchange {
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>
  close(): Promise<void>
}

const decoders: ReadonlyMap<string, () => NodeJS.ReadWriteStream> = new Map<
  string,
  () => NodeJS.ReadWriteStream
>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
])

const plainHeaders = (
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )

const collector = (limitBytes: number): { sink: Writable; text: () => string } => {
  const chunks: Buffer[] = []
  let size = 0
  const sink = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      size += chunk.length
      if (size > limitBytes) {
        done(new ExchangeFailure('too-large', `the answer is larger than ${limitBytes} bytes`))
        return
      }
      chunks.push(chunk)
      done()
    },
  })
  return { sink, text: () => Buffer.concat(chunks).toString('utf8') }
}

const readBody = async (
  body: Readable,
  encoding: string,
  limitBytes: number,
  signal: AbortSignal,
): Promise<string> => {
  const { sink, text } = collector(limitBytes)
  const decoder = decoders.get(encoding.trim().toLowerCase())
  await (decoder ? pipeline(body, decoder(), sink, { signal }) : pipeline(body, sink, { signal }))
  return text()
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : ''

const failureOf = (error: unknown, timedOut: boolean): ExchangeFailure => {
  if (error instanceof ExchangeFailure) return error
  if (timedOut) return new ExchangeFailure('network', 'the answer took too long')
  const code = codeOf(error)
  if (code.startsWith('Z_')) {
    return new ExchangeFailure('broken', `the body is damaged or cut off (${code})`)
  }
  return new ExchangeFailure('network', code === '' ? 'the connection failed' : code)
}

export const newExchange = (limits: ExchangeLimits): Exchange => {
  const agent = new Agent({
    connect: { timeout: limits.connectMs },
    headersTimeout: limits.silenceMs,
    bodyTimeout: limits.silenceMs,
  })
  return {
    send: async ({ method, url, headers, body }, signal) => {
      const whole = AbortSignal.timeout(limits.wholeMs)
      const either = AbortSignal.any([signal, whole])
      try {
        const answer = await agent.request({
          origin: url.origin,
          path: `${url.pathname}${url.search}`,
          method,
          headers: { 'accept-encoding': 'gzip, deflate, br', ...headers },
          body,
          signal: either,
        })
        const answered = plainHeaders(answer.headers)
        const encoding = answered['content-encoding'] ?? ''
        const text = await readBody(answer.body, encoding, limits.bodyBytes, either)
        return { status: answer.statusCode, headers: answered, text }
      } catch (error) {
        signal.throwIfAborted()
        throw failureOf(error, whole.aborted)
      }
    },
    close: () => agent.destroy(),
  }
}

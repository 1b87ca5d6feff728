/**
 * Files over HTTP: bytes as they are, redirects followed, what may pass tried again. Carries no
 * credentials. Messages name host and path, never a query or a user.
 */
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { Agent, interceptors } from 'undici'
import {
  UpstreamInvalidError,
  UpstreamRefusedError,
  UpstreamUnreachableError,
} from '#domain/errors'

export interface Download {
  readonly bytes: Buffer
  /** Milliseconds since 1970, as the server says; null where it does not. */
  readonly modifiedMs: number | null
}

export interface Downloads {
  /** Null where the server has no such file (404). Throws an `Upstream…Error` otherwise. */
  get(url: URL): Promise<Download | null>
  close(): Promise<void>
}

export interface DownloadOptions {
  readonly signal: AbortSignal
  readonly limitBytes?: number
  readonly firstRetryMs?: number
}

const defaultLimitBytes = 256 * 1024 * 1024
const silenceMs = 30_000

/** Host and path: what a message, or a source, may tell of an address. */
export const printAddress = (url: URL): string => `${url.origin}${url.pathname}`

const readWithin = async (body: Readable, limitBytes: number, name: string): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limitBytes) {
      throw new UpstreamInvalidError(`${name} is larger than ${limitBytes} bytes`, {
        hint: 'is it the right address?',
      })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const unzipped = (body: Readable, encoding: unknown): Readable => {
  if (encoding !== 'gzip') return body
  const gunzip = createGunzip()
  body.on('error', (error) => gunzip.destroy(error))
  return body.pipe(gunzip)
}

const modifiedOf = (header: unknown): number | null => {
  const modifiedMs = typeof header === 'string' ? Date.parse(header) : NaN
  return Number.isNaN(modifiedMs) ? null : modifiedMs
}

/** What undici calls a redirect that leads to itself. */
const redirectLoop = 'UND_ERR_INVALID_ARG'

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : 'the connection failed'

export const newDownloads = ({
  signal,
  limitBytes = defaultLimitBytes,
  firstRetryMs = 500,
}: DownloadOptions): Downloads => {
  const agent = new Agent({ headersTimeout: silenceMs, bodyTimeout: silenceMs })
  const dispatcher = agent.compose(
    interceptors.retry({ maxRetries: 3, minTimeout: firstRetryMs, throwOnError: false }),
    interceptors.redirect({ maxRedirections: 5 }),
  )
  const ask = async (url: URL, name: string): Promise<Download | null> => {
    const { statusCode, headers, body } = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      headers: { 'user-agent': 'dstack-offers', 'accept-encoding': 'gzip' },
      signal,
    })
    if (statusCode >= 300) {
      await body.dump()
      if (statusCode === 404) return null
      throw new UpstreamRefusedError(`${name} answered HTTP ${statusCode}`)
    }
    const bytes = await readWithin(unzipped(body, headers['content-encoding']), limitBytes, name)
    return { bytes, modifiedMs: modifiedOf(headers['last-modified']) }
  }
  return {
    get: async (url) => {
      const name = printAddress(url)
      try {
        return await ask(url, name)
      } catch (error) {
        if (error instanceof UpstreamRefusedError || error instanceof UpstreamInvalidError) {
          throw error
        }
        if (signal.aborted) throw new UpstreamUnreachableError(`${name} did not answer in time`)
        if (codeOf(error) === redirectLoop) {
          throw new UpstreamRefusedError(`${name} redirects in a circle`, { cause: error })
        }
        throw new UpstreamUnreachableError(`${name}: ${codeOf(error)}`, { cause: error })
      }
    },
    close: () => agent.destroy(),
  }
}

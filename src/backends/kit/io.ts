/** What an importer reaches of the world. No clock, no environment, no file. */
import { UpstreamInvalidError } from '#domain/errors'
import type { Observation } from '#domain/offer'
import type { HttpClient } from '#platform/http'

interface ImportCall {
  /** Below the endpoint, from the slash on; or an absolute address at the same host. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** A call with a body is a POST. */
  readonly json?: unknown
  /** Sent to this host only. */
  readonly secretHeaders?: Readonly<Record<string, string>>
  readonly secretJson?: unknown
}

export interface ImportIo {
  /** The parsed JSON of an answer. Throws a KnownError whose message holds no secret. */
  json(call: ImportCall): Promise<unknown>
  /** What readiness made of the credentials. */
  readonly credentials: Readonly<Record<string, string>>
  /** How offers of this run name where and when they were seen. */
  readonly observation: Observation
}

export interface IoOptions {
  readonly http: HttpClient
  readonly endpoint: string
  readonly limit: { readonly intervalMs: number; readonly atOnce: number }
  readonly signal: AbortSignal
  readonly credentials: Readonly<Record<string, string>>
  readonly observation: Observation
}

const urlOf = (endpoint: string, { path, query = {} }: ImportCall): URL => {
  const absolute = path.startsWith('/') ? `${endpoint}${path}` : path
  if (!URL.canParse(absolute)) {
    throw new UpstreamInvalidError('the next page is at no address')
  }
  const url = new URL(absolute)
  if (url.origin !== new URL(endpoint).origin) {
    throw new UpstreamInvalidError(`the next page is at another host, "${url.host}"`)
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

const parse = (text: string, url: URL): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    const name = `${url.host}${url.pathname}`
    throw new UpstreamInvalidError(`${name}: the answer is no JSON`, {
      cause: error instanceof SyntaxError ? undefined : error,
    })
  }
}

export const newImportIo = (options: IoOptions): ImportIo => ({
  credentials: options.credentials,
  observation: options.observation,
  json: async (call) => {
    const { http, endpoint, limit, signal } = options
    const url = urlOf(endpoint, call)
    const sent = call.secretJson ?? call.json
    const answer = await http.send({
      url,
      limit,
      signal,
      ...(sent === undefined ? {} : { method: 'POST' as const, body: JSON.stringify(sent) }),
      ...(call.secretJson === undefined ? {} : { secretBody: true }),
      ...(call.secretHeaders === undefined ? {} : { secretHeaders: call.secretHeaders }),
    })
    return parse(answer.text, url)
  },
})

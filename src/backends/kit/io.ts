/** What an importer reaches of the world. No environment, no clock but for signatures. */
import { UpstreamInvalidError } from '#domain/errors'
import type { Observation } from '#domain/offer'
import type { Call, HttpClient, Refusal } from '#platform/http'
import { type Lines, linesOf } from './lines.ts'

type Texts = Readonly<Record<string, string>>

/** A call as it is signed: with its final address and body. */
export interface UnsignedCall {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly body: string
  /** RFC 3339, UTC, whole seconds. */
  readonly instant: string
}

interface ImportCall {
  /** One of the backend's further hosts, by name; its endpoint where absent. */
  readonly host?: string
  /** What stands for `{region}` in the address of the host. */
  readonly region?: string
  /** Below the address, from the slash on; or an absolute address at the same host. */
  readonly path: string
  readonly query?: Texts
  readonly headers?: Texts
  /** A call with a body is a POST: one of these four. */
  readonly json?: unknown
  readonly form?: Texts
  readonly secretJson?: unknown
  readonly secretForm?: Texts
  /** Sent to this host only. */
  readonly secretHeaders?: Texts
  /** Headers that can only be made of the whole call; sent to this host only. */
  readonly sign?: (call: UnsignedCall) => Texts
}

interface ImportAnswer {
  readonly text: string
  /** By name in lower case. */
  readonly headers: Texts
}

interface Remembered<T> {
  /** Of each list the newest version alone is remembered. */
  readonly list: string
  /** Makes of what was remembered, which is JSON, what `read` gave; null where it is not that. */
  readonly restore: (value: unknown) => T | null
}

/** What was made of great files in earlier runs. */
export interface Readings {
  /** Null where there is none of that address. */
  get(list: string, address: string): unknown
  put(list: string, address: string, value: unknown): void
}

export interface ImportIo {
  /** The parsed JSON of an answer. Throws a KnownError whose message holds no secret. */
  json(call: ImportCall): Promise<unknown>
  /** The same for a source that answers otherwise, or tells something in its headers. */
  answer(call: ImportCall): Promise<ImportAnswer>
  /**
   * The lines of an answer too great to hold. `read` is run anew from the first line where the
   * connection breaks before the last.
   */
  lines<T>(call: ImportCall, read: (lines: Lines) => Promise<T>): Promise<T>
  /**
   * The same of an address that names its version, so that what is there never changes: it is read
   * once, and what was made of it is taken the next time.
   */
  linesOnce<T>(
    call: ImportCall,
    read: (lines: Lines) => Promise<T>,
    remembered: Remembered<T>,
  ): Promise<T>
  /** For what is asked by another way than the calls above: with the same patience. */
  again<T>(ask: () => Promise<T>, refusalIn: (error: unknown) => Refusal | null): Promise<T>
  /** The text of a credentials file, which is kept out of every message; null where there is none. */
  secretFile(path: string): string | null
  /** Something secret that was learned on the way, such as a token: kept out of every message. */
  keepSecret(value: string): void
  /** What readiness made of the credentials. */
  readonly credentials: Texts
  /** How offers of this run name where and when they were seen. */
  readonly observation: Observation
  /** For what is asked by another way than the calls above. */
  readonly signal: AbortSignal
}

export interface IoOptions {
  readonly http: HttpClient
  readonly endpoint: string
  readonly hosts: Texts
  readonly limit: { readonly intervalMs: number; readonly atOnce: number }
  readonly signal: AbortSignal
  readonly credentials: Texts
  readonly observation: Observation
  /** Now, as RFC 3339. */
  readonly instant: () => string
  readonly readFile: (path: string) => string | null
  readonly keepSecret: (value: string) => void
  /** Null reads everything anew. */
  readonly readings: Readings | null
}

const addressOf = ({ endpoint, hosts }: IoOptions, { host, region }: ImportCall): string => {
  const address = host === undefined ? endpoint : hosts[host]
  if (address === undefined) throw new Error(`the backend names no host "${host ?? ''}"`)
  return address.replaceAll('{region}', region ?? '')
}

const urlOf = (address: string, { path, query = {} }: ImportCall): URL => {
  const absolute = path.startsWith('/') ? `${address}${path}` : path
  if (!URL.canParse(absolute)) {
    throw new UpstreamInvalidError('the next page is at no address')
  }
  const url = new URL(absolute)
  if (url.origin !== new URL(address).origin) {
    throw new UpstreamInvalidError(`the next page is at another host, "${url.host}"`)
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

const bodyOf = (call: ImportCall): { readonly text: string; readonly type: string } | null => {
  const form = call.secretForm ?? call.form
  if (form !== undefined) {
    const type = 'application/x-www-form-urlencoded'
    return { text: new URLSearchParams(form).toString(), type }
  }
  const json = call.secretJson ?? call.json
  return json === undefined ? null : { text: JSON.stringify(json), type: 'application/json' }
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

export const newImportIo = (options: IoOptions): ImportIo => {
  const { http } = options
  const callOf = (call: ImportCall): Call => {
    const { limit, signal } = options
    const url = urlOf(addressOf(options, call), call)
    const body = bodyOf(call)
    const method = body === null ? ('GET' as const) : ('POST' as const)
    const signed = call.sign?.({
      method,
      url,
      body: body?.text ?? '',
      instant: options.instant(),
    })
    const secretHeaders = { ...call.secretHeaders, ...signed }
    const isSecretBody = call.secretJson !== undefined || call.secretForm !== undefined
    return {
      url,
      limit,
      signal,
      method,
      headers: { ...(body === null ? {} : { 'content-type': body.type }), ...call.headers },
      ...(body === null ? {} : { body: body.text }),
      ...(isSecretBody ? { secretBody: true } : {}),
      ...(Object.keys(secretHeaders).length === 0 ? {} : { secretHeaders }),
    }
  }
  return {
    credentials: options.credentials,
    observation: options.observation,
    signal: options.signal,
    json: async (call) => {
      const sent = callOf(call)
      return parse((await http.send(sent)).text, sent.url)
    },
    answer: async (call) => {
      const { text, headers } = await http.send(callOf(call))
      return { text, headers }
    },
    lines: async (call, read) => http.stream(callOf(call), (body) => read(linesOf(body))),
    linesOnce: async (call, read, { list, restore }) => {
      const sent = callOf(call)
      const address = sent.url.href
      const known = restore(options.readings?.get(list, address) ?? null)
      if (known !== null) return known
      const made = await http.stream(sent, (body) => read(linesOf(body)))
      options.readings?.put(list, address, made)
      return made
    },
    again: (ask, refusalIn) => http.patiently(ask, refusalIn, options.signal),
    secretFile: (path) => {
      const text = options.readFile(path)
      if (text !== null) options.keepSecret(text)
      return text
    },
    keepSecret: options.keepSecret,
  }
}

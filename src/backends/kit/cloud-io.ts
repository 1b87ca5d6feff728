/**
 * What a provisioner reaches of the world. A call is made once: whether it may be made again is the
 * core's to decide, by what `classify` says of its failure.
 */
import type { SideObject } from '#domain/launch'
import type { HttpRequest } from '#platform/http-exchange'
import type { HttpMethod, HttpOnce } from '#platform/http-once'
import type { HostLimit } from '#platform/http-turns'

type Texts = Readonly<Record<string, string>>

/** A call as it is signed: with its final address and body. */
interface UnsignedCloudCall {
  readonly method: HttpMethod
  readonly url: URL
  readonly body: string
  /** RFC 3339, UTC, whole seconds. */
  readonly instant: string
}

export interface CloudCall {
  readonly method: HttpMethod
  /** One of the backend's further hosts, by name; its endpoint where absent. */
  readonly host?: string
  /** What stands for `{region}` in the address of the host. */
  readonly region?: string
  /** Below the address, from the slash on. */
  readonly path: string
  readonly query?: Texts
  readonly headers?: Texts
  readonly json?: unknown
  readonly form?: Texts
  /** Never in a message. */
  readonly secretHeaders?: Texts
  readonly sign?: (call: UnsignedCloudCall) => Texts
  /**
   * The body is not waited for: it comes as `CloudAnswer.pieces`, which may go on for ever, and throws
   * WentSilent where nothing comes for so long.
   */
  readonly silenceMs?: number
}

/** An answer of any status. */
export interface CloudAnswer {
  readonly status: number
  /** By name in lower case. */
  readonly headers: Texts
  /** Empty where the body comes piece by piece. */
  readonly text: string
  /** Of a call with `silenceMs`, and there for a success only. Who stops early closes the connection. */
  readonly pieces?: AsyncIterable<Uint8Array>
}

/** An answer that was no success, for `classify`. Its text may hold anything: never print it. */
export class CloudRefusal extends Error {
  readonly answer: CloudAnswer
  constructor(answer: CloudAnswer) {
    super(`HTTP ${answer.status}`)
    this.name = 'CloudRefusal'
    this.answer = answer
  }
}

export interface CloudIo {
  /** The answer of a success. Throws CloudRefusal, or NoAnswer of the HTTP door. */
  call(call: CloudCall): Promise<CloudAnswer>
  /** Puts a side object into the ledger; returns when it is on disk. */
  note(object: SideObject): void
  /** Waits, where an operation has to be asked for again. */
  sleep(delayMs: number): Promise<void>
  /** Now, as RFC 3339. */
  instant(): string
  readonly credentials: Texts
  /** The text of a credentials file, kept out of every message; null where there is none. */
  secretFile(path: string): string | null
  /** Something secret that was learned on the way, such as a token: kept out of every message. */
  keepSecret(value: string): void
  readonly signal: AbortSignal
}

export interface CloudIoOptions extends Omit<CloudIo, 'call' | 'secretFile'> {
  readonly http: HttpOnce
  readonly endpoint: string
  readonly hosts: Texts
  readonly limit: HostLimit
  readonly readFile: (path: string) => string | null
}

const addressOf = ({ endpoint, hosts }: CloudIoOptions, { host, region }: CloudCall): string => {
  const address = host === undefined ? endpoint : hosts[host]
  if (address === undefined) throw new Error(`the backend names no host "${host ?? ''}"`)
  return address.replaceAll('{region}', region ?? '')
}

const bodyOf = ({
  json,
  form,
}: CloudCall): { readonly text: string; readonly type: string } | null => {
  if (form !== undefined) {
    const type = 'application/x-www-form-urlencoded'
    return { text: new URLSearchParams(form).toString(), type }
  }
  return json === undefined ? null : { text: JSON.stringify(json), type: 'application/json' }
}

const answerOf = async (
  { http, limit, signal }: CloudIoOptions,
  request: HttpRequest,
  silenceMs: number | null,
): Promise<CloudAnswer> => {
  if (silenceMs === null) return http.exchange(request, limit, signal)
  const answer = await http.open(request, silenceMs, limit, signal)
  return 'pieces' in answer ? { ...answer, text: '' } : answer
}

export const newCloudIo = (options: CloudIoOptions): CloudIo => {
  const { signal, credentials, readFile, keepSecret } = options
  return {
    credentials,
    signal,
    keepSecret,
    note: options.note,
    sleep: options.sleep,
    instant: options.instant,
    secretFile: (path) => {
      const text = readFile(path)
      if (text !== null) keepSecret(text)
      return text
    },
    call: async (call) => {
      const url = new URL(`${addressOf(options, call)}${call.path}`)
      for (const [name, value] of Object.entries(call.query ?? {}))
        url.searchParams.set(name, value)
      const { method } = call
      const body = bodyOf(call)
      const text = body?.text ?? null
      const headers = {
        accept: 'application/json',
        'user-agent': 'dstack-offers',
        ...(body === null ? {} : { 'content-type': body.type }),
        ...call.headers,
        ...call.secretHeaders,
        ...call.sign?.({ method, url, body: text ?? '', instant: options.instant() }),
      }
      const request = { method, url, headers, body: text }
      const answer = await answerOf(options, request, call.silenceMs ?? null)
      if (answer.status < 200 || answer.status >= 300) throw new CloudRefusal(answer)
      return answer
    },
  }
}

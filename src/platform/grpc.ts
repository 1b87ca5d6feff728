/**
 * The door to gRPC: unary calls in bytes, for calls that may be made twice. Retries what may pass,
 * keeps hosts apart, and never waits past a deadline. Messages name host and method: never metadata,
 * a message, or what a server says in words.
 */
import {
  type CallOptions,
  Client,
  type ClientUnaryCall,
  credentials,
  Metadata,
  type ServiceError,
} from '@grpc/grpc-js'
import { failureOfStatus, type GrpcFailure } from './grpc-status.ts'
import { type Backoff, backoffMs, type HttpClock, reasonOf } from './http-time.ts'
import { type HostLimit, newTurns } from './http-turns.ts'

export interface GrpcOptions {
  readonly clock: HttpClock
  readonly backoff: Backoff
  /** A number from 0 to 1, for the spread of waits. */
  readonly random: () => number
  /** Of each attempt. */
  readonly deadlineMs: number
}

interface GrpcCall {
  /** `https://host:port`, or `http://` for plaintext; a path is passed over: gRPC knows none. */
  readonly address: string
  /** `/package.Service/Method`. */
  readonly method: string
  readonly request: Uint8Array
  /** Sent to this host only. */
  readonly secretMetadata?: Readonly<Record<string, string>>
  readonly limit: HostLimit
  readonly signal: AbortSignal
}

export interface GrpcClient {
  /** The message of the answer. Throws a KnownError that holds no secret. */
  call(call: GrpcCall): Promise<Uint8Array>
  /** Calls that wait or run end too. */
  close(): void
}

/** No list that is asked for is near that. */
const mostBytes = 16 * 1024 * 1024

/** No server is waited for longer than this, whatever it asks. */
const longestWaitMs = 120_000

const channelOptions = {
  // Attempts are counted here, and only here.
  'grpc.enable_retries': 0,
  // A broken connection is tried anew with the next attempt, not later.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_receive_message_length': mostBytes,
  'grpc.primary_user_agent': 'dstack-offers',
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes)
const asBytes = (buffer: Buffer): Uint8Array => buffer

const openClient = (url: URL): Client => {
  const plain = url.protocol === 'http:'
  const port = url.port === '' ? (plain ? '80' : '443') : url.port
  const security = plain ? credentials.createInsecure() : credentials.createSsl()
  return new Client(`${url.hostname}:${port}`, security, channelOptions)
}

type Outcome = { readonly bytes: Uint8Array } | { readonly failure: ServiceError }

const metadataOf = ({ secretMetadata = {} }: GrpcCall): Metadata => {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(secretMetadata)) metadata.set(name, value)
  return metadata
}

/** One attempt. Rejects only where it is told to stop. */
const attempt = (client: Client, call: GrpcCall, deadlineMs: number): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const { method, request, signal } = call
    const options: CallOptions = { deadline: Date.now() + deadlineMs }
    const running: ClientUnaryCall = client.makeUnaryRequest(
      method,
      asBuffer,
      asBytes,
      request,
      metadataOf(call),
      options,
      (failure, bytes) => {
        signal.removeEventListener('abort', stop)
        if (failure) resolve({ failure })
        else resolve({ bytes: bytes ?? new Uint8Array() })
      },
    )
    const stop = (): void => {
      reject(reasonOf(signal))
      running.cancel()
    }
    signal.addEventListener('abort', stop, { once: true })
  })

/** How long the server asks to wait, as gRPC clients are told; null where it says nothing. */
const pushbackMs = ({ metadata }: ServiceError): number | null => {
  const text = String(metadata.get('grpc-retry-pushback-ms')[0] ?? '')
  return /^\d{1,7}$/.test(text) ? Number(text) : null
}

export const newGrpcClient = (options: GrpcOptions): GrpcClient => {
  const { clock, backoff, random, deadlineMs } = options
  const turns = newTurns(clock)
  const clients = new Map<string, Client>()
  const closing = new AbortController()

  const clientOf = (url: URL): Client => {
    const known = clients.get(url.origin) ?? openClient(url)
    clients.set(url.origin, known)
    return known
  }

  const waitMs = (failure: ServiceError, failures: number): number =>
    pushbackMs(failure) ?? backoffMs(backoff, failures, random())

  const mayGoOn = ({ mayPass }: GrpcFailure, delayMs: number, failures: number): boolean =>
    mayPass && failures < backoff.attempts && delayMs <= longestWaitMs

  return {
    call: async (given) => {
      const call = { ...given, signal: AbortSignal.any([given.signal, closing.signal]) }
      const url = new URL(call.address)
      const client = clientOf(url)
      for (let failures = 1; ; failures++) {
        const outcome = await turns.take(url.host, call.limit, call.signal, () =>
          attempt(client, call, deadlineMs),
        )
        if ('bytes' in outcome) return outcome.bytes
        const { failure } = outcome
        const told = failureOfStatus(failure.code, failure.details, `${url.host}${call.method}`)
        const delayMs = waitMs(failure, failures)
        if (!mayGoOn(told, delayMs, failures)) throw told.error
        await clock.sleep(delayMs, call.signal)
      }
    },
    close: () => {
      closing.abort(new Error('the client is closed'))
      for (const client of clients.values()) client.close()
      clients.clear()
    },
  }
}

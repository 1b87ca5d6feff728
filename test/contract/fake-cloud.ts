/**
 * A cloud on 127.0.0.1 that remembers what was made in it. A backend gives the model, which answers
 * documented fields only; what goes wrong on the way is done here, the same for every backend.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakeRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly text: string
  /** Of a JSON body or a form; null where there is none. */
  readonly body: unknown
}

export interface FakeReply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  /** Instead of JSON. */
  readonly text?: string
}

/** What happens to a request. */
export type Fault =
  /** It is answered so, and nothing is done. */
  | { readonly kind: 'refuse'; readonly reply: FakeReply }
  /** It is done, and the connection breaks before the answer. */
  | { readonly kind: 'lose-answer' }
  /** The connection breaks, and nothing is done. */
  | { readonly kind: 'lose-request' }
  /** It is done at once, and answered only then. */
  | { readonly kind: 'hold'; readonly until: Promise<void> }

export type Matches = (request: FakeRequest) => boolean

/** A machine that costs money now. */
export interface FakeMachine {
  readonly id: string
  readonly name: string
}

/** What goes slowly, in calls and virtual time, so that a run is the same every time. */
export interface FakeKnobs {
  /** From creation until it is said to run. */
  bootMs: number
  /** From creation until its address is known. */
  addressMs: number
  /** From the order until it is gone. */
  destroyMs: number
  /** How many of the first reads and lists do not know it yet. */
  hiddenReads: number
  /** And for how long at most: what the backend declares. */
  hiddenMs: number
  pageSize: number
}

export const knobsOf = (over: Partial<FakeKnobs> = {}): FakeKnobs => ({
  bootMs: 20_000,
  addressMs: 10_000,
  destroyMs: 10_000,
  hiddenReads: 0,
  hiddenMs: 0,
  pageSize: 3,
  ...over,
})

/** The cloud itself, without its connections. */
export interface CloudModel {
  readonly knobs: FakeKnobs
  handle(request: FakeRequest): FakeReply | Promise<FakeReply>
  machines(): readonly FakeMachine[]
  /** Names or ids of keys, firewalls, disks …, foreign ones as well. */
  sideObjects(): readonly string[]
  /** A machine that somebody else made; its id. */
  addForeign(name: string): string
  /** A spot machine is taken back, as this cloud does it. Absent where none is. */
  reclaim?(id: string): void
  /** The next machine is promised and then fails for a lack of capacity. Absent where this never happens. */
  failNextLater?(): void
  /** Every name that a machine was ever given, once for each machine. */
  namesGiven(): readonly string[]
}

export interface FakeCloud {
  readonly url: string
  readonly model: CloudModel
  readonly asked: readonly FakeRequest[]
  /** For the next requests that match; the first that was injected comes first. */
  inject(fault: Fault, when?: Matches, times?: number): void
  /** Faults that nothing has met are forgotten. */
  clearFaults(): void
  /** Stands between the cloud and who asks it by a client of its own: it may never come back. */
  between: ((work: () => Promise<FakeReply>) => Promise<FakeReply>) | null
  /** Another cloud, on the same address. */
  become(model: CloudModel): void
  close(): Promise<void>
}

const readText = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const bodyOf = (text: string, type: string): unknown => {
  if (text === '') return null
  if (type.includes('form-urlencoded')) return Object.fromEntries(new URLSearchParams(text))
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

const readRequest = async (message: IncomingMessage): Promise<FakeRequest> => {
  const url = new URL(message.url ?? '/', 'http://127.0.0.1')
  const text = await readText(message)
  return {
    method: message.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: message.headers,
    text,
    body: bodyOf(text, message.headers['content-type'] ?? ''),
  }
}

const send = (response: ServerResponse, { status, headers, json, text }: FakeReply): void => {
  response.writeHead(status ?? 200, {
    ...(json !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  })
  response.end(json === undefined ? (text ?? '') : JSON.stringify(json))
}

interface Armed {
  readonly fault: Fault
  readonly when: Matches
  left: number
}

const take = (armed: readonly Armed[], request: FakeRequest): Fault | null => {
  const found = armed.find(({ left, when }) => left > 0 && when(request))
  if (found === undefined) return null
  found.left -= 1
  return found.fault
}

const respond = async (
  handle: (request: FakeRequest) => FakeReply | Promise<FakeReply>,
  fault: Fault | null,
  request: FakeRequest,
  response: ServerResponse,
): Promise<void> => {
  if (fault?.kind === 'refuse') return send(response, fault.reply)
  if (fault?.kind === 'lose-request') {
    response.socket?.destroy()
    return undefined
  }
  const reply = await handle(request)
  if (fault?.kind === 'hold') await fault.until
  if (fault?.kind === 'lose-answer') response.socket?.destroy()
  else send(response, reply)
  return undefined
}

export const startFakeCloud = async (first: CloudModel): Promise<FakeCloud> => {
  let model = first
  const asked: FakeRequest[] = []
  const armed: Armed[] = []
  const server = createServer((message, response) => {
    const handle = async (): Promise<void> => {
      const request = await readRequest(message)
      asked.push(request)
      const work = async (): Promise<FakeReply> => model.handle(request)
      const handle = () => (cloud.between === null ? work() : cloud.between(work))
      await respond(handle, take(armed, request), request, response)
    }
    handle().catch((error: unknown) => {
      send(response, { status: 599, text: `the fake failed: ${String(error)}` })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cloud: FakeCloud = {
    url: `http://127.0.0.1:${port}`,
    between: null,
    get model() {
      return model
    },
    asked,
    inject: (fault, when = () => true, times = 1) => {
      armed.push({ fault, when, left: times })
    },
    clearFaults: () => {
      armed.length = 0
    },
    become: (next) => {
      model = next
      asked.length = 0
      armed.length = 0
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return cloud
}

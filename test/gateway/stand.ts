/** A gateway between real servers on 127.0.0.1, with everything it says written down. */
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http'
import { type AddressInfo, connect, type Server as NetServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { defaultFrontLimits, type FrontLimits, newFront } from '#gateway/front'
import { type Gateway, newGateway } from '#gateway/gateway'
import type { Answered, GatewayLimits, GatewayOptions } from '#gateway/options'
import type { Service, ServingReplica } from '#domain/serving'

export interface Closer {
  after(close: () => unknown): void
  closeAll(): Promise<void>
}

export const newCloser = (): Closer => {
  const closers: (() => unknown)[] = []
  return {
    after: (close) => closers.push(close),
    closeAll: async () => {
      for (const close of closers.splice(0).toReversed()) await close()
    },
  }
}

export const portOf = (server: NetServer): number => (server.address() as AddressInfo).port

export const listening = async <T extends NetServer>(closer: Closer, server: T): Promise<T> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closer.after(() => {
    if ('closeAllConnections' in server) (server as unknown as Server).closeAllConnections()
    server.close()
  })
  return server
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void

export const startUpstream = (closer: Closer, handler: Handler): Promise<Server> =>
  listening(closer, createServer(handler))

export const replicaAt = (port: number, id = `at-${port}`): ServingReplica => ({
  id,
  replica: 0,
  host: '127.0.0.1',
  port,
})

export const service = (
  run: string,
  ports: readonly number[],
  more: Partial<Service> = {},
): Service => ({
  runId: `id-${run}`,
  run,
  submittedMs: 0,
  auth: false,
  model: null,
  replicas: ports.map((port) => replicaAt(port)),
  ...more,
})

export interface Stand {
  readonly gateway: Gateway
  readonly port: number
  readonly answered: Answered[]
  readonly counted: string[]
  readonly health: string[]
}

interface StandOptions {
  readonly limits?: Partial<GatewayLimits>
  readonly front?: Partial<FrontLimits>
  readonly more?: Partial<GatewayOptions>
}

const realClock = {
  nowMs: () => Date.now(),
  sleep: (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }),
}

/** `good` opens everything; `narrow` opens nothing. */
const tokens = new Map([
  ['Bearer good', true],
  ['Bearer narrow', false],
])

export const startStand = async (closer: Closer, options: StandOptions = {}): Promise<Stand> => {
  const answered: Answered[] = []
  const counted: string[] = []
  const health: string[] = []
  const gateway = newGateway({
    domain: 'example.test',
    identify: (authorization) => {
      const wide = tokens.get(authorization ?? '')
      return wide === undefined ? null : { tokenId: String(authorization), mayUse: () => wide }
    },
    models: async (_request, response, bearer, path) => {
      response.end(`models ${path} ${bearer.tokenId}`)
    },
    limits: options.limits ?? {},
    clock: realClock,
    events: {
      counted: (runId) => counted.push(runId),
      answered: (one) => answered.push(one),
      ejected: (_runId, replicaId) => health.push(`ejected ${replicaId}`),
      returned: (_runId, replicaId) => health.push(`returned ${replicaId}`),
    },
    ...options.more,
  })
  const limits = { ...defaultFrontLimits, ...options.front }
  const server = await listening(closer, newFront({ gateway, limits, tls: null }))
  closer.after(() => gateway.close(0))
  return { gateway, port: portOf(server), answered, counted, health }
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly trailers: NodeJS.Dict<string>
  readonly text: string
}

interface Wanted {
  readonly method?: string
  readonly path?: string
  readonly host?: string
  readonly headers?: Record<string, string | string[]>
  readonly body?: string | Buffer
}

/** One request on a connection of its own; rejects where the answer is cut short. */
export const ask = (port: number, wanted: Wanted = {}): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const { method = 'GET', path = '/', host = 'web.example.test', headers = {}, body } = wanted
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent: false,
        headers: { host, ...length, ...headers },
      },
      (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk: Buffer) => chunks.push(chunk))
        answer.on('error', reject)
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            rawHeaders: answer.rawHeaders,
            trailers: answer.trailers,
            text: Buffer.concat(chunks).toString(),
          }),
        )
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })

/** Writes bytes as they are, and gives all that comes back until the other side ends. */
export const raw = (port: number, text: string, waitMs = 3000): Promise<string> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'))
    let got = ''
    const timer = setTimeout(() => socket.destroy(), waitMs)
    socket.setEncoding('latin1')
    socket.on('data', (chunk: string) => (got += chunk))
    socket.on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(got)
    })
  })

export const until = async (condition: () => boolean): Promise<void> => {
  for (let turn = 0; turn < 500 && !condition(); turn++) await sleep(10)
  if (!condition()) throw new Error('what was waited for did not happen')
}

export const bodyOf = (incoming: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => resolve(Buffer.concat(chunks)))
    incoming.on('error', reject)
  })

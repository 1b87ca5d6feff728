/** A real HTTP server on 127.0.0.1 that answers as a test says, and remembers what it was asked. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Method, address and body: the same call twice has the same. */
  readonly key: string
  readonly atMs: number
}

export type Reply =
  | {
      readonly status?: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string | Buffer
    }
  /** No answer ever. */
  | 'hang'
  /** The connection breaks. */
  | 'reset'
  /** Headers and a piece of the body, then nothing. */
  | 'stall'

export interface ScriptedServer {
  readonly url: string
  readonly asked: readonly Asked[]
  connections(): number
  close(): Promise<void>
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const answer = (response: ServerResponse, reply: Reply): void => {
  if (reply === 'hang') return
  if (reply === 'reset') {
    response.socket?.destroy()
    return
  }
  if (reply === 'stall') {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('{"')
    return
  }
  const headers = { 'content-type': 'application/json', ...reply.headers }
  response.writeHead(reply.status ?? 200, headers)
  response.end(reply.body ?? '')
}

export const startServer = async (
  respond: (asked: Asked) => Reply,
  nowMs: () => number = () => Date.now(),
): Promise<ScriptedServer> => {
  const asked: Asked[] = []
  let connections = 0
  const server = createServer((request, response) => {
    const handle = async (): Promise<void> => {
      const url = new URL(request.url ?? '/', 'http://localhost')
      const body = await readBody(request)
      const method = request.method ?? ''
      const one: Asked = {
        method,
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body,
        key: `${method} ${url.pathname}${url.search} ${body}`,
        atMs: nowMs(),
      }
      asked.push(one)
      answer(response, respond(one))
    }
    handle().catch((error: unknown) => {
      answer(response, { status: 599, body: `the script failed: ${String(error)}` })
    })
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    connections: () => connections,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

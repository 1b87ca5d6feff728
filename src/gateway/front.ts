/** A server of node:http that is strict about what it reads, in front of a gateway. */
import { createServer, type IncomingMessage, type Server, type ServerOptions } from 'node:http'
import { createServer as createTlsServer, type ServerOptions as TlsServerOptions } from 'node:https'
import type { Duplex } from 'node:stream'
import type { Gateway } from './gateway.ts'

export interface FrontLimits {
  /** From the first byte of a connection, or of a request on it, to the end of the head. */
  readonly headersTimeoutMs: number
  readonly maxHeaderBytes: number
  readonly keepAliveMs: number
  readonly maxConnections: number
}

export const defaultFrontLimits: FrontLimits = {
  headersTimeoutMs: 15_000,
  maxHeaderBytes: 16 * 1024,
  keepAliveMs: 75_000,
  maxConnections: 20_000,
}

interface FrontOptions {
  readonly gateway: Pick<Gateway, 'handle' | 'upgrade'>
  readonly limits: FrontLimits
  /** Null serves plain HTTP. */
  readonly tls: TlsServerOptions | null
}

const parserOptions = (limits: FrontLimits): ServerOptions => ({
  insecureHTTPParser: false,
  requireHostHeader: true,
  maxHeaderSize: limits.maxHeaderBytes,
  headersTimeout: limits.headersTimeoutMs,
  // A body may take as long as it keeps coming: the gateway watches that it does.
  requestTimeout: 0,
  keepAliveTimeout: limits.keepAliveMs,
  connectionsCheckingInterval: Math.max(50, Math.min(5_000, limits.headersTimeoutMs / 4)),
  noDelay: true,
})

const answers: ReadonlyMap<string, readonly [status: string, code: string, message: string]> =
  new Map([
    [
      'HPE_HEADER_OVERFLOW',
      ['431 Request Header Fields Too Large', 'headers_too_large', 'The headers are too large.'],
    ],
    [
      'ERR_HTTP_REQUEST_TIMEOUT',
      ['408 Request Timeout', 'headers_timeout', 'The headers did not come in time.'],
    ],
  ])

const malformed = ['400 Bad Request', 'bad_request', 'This is no valid HTTP request.'] as const

/** What the parser refused: it is not known where the next request starts, so the connection ends. */
const refuseRaw = (error: Error & { code?: string }, socket: Duplex): void => {
  // Part of an answer may be on its way already: nothing may be mixed into it.
  const answering: unknown = Reflect.get(socket, '_httpMessage')
  if (!socket.writable || Boolean(answering) || error.code === 'ECONNRESET') {
    socket.destroy()
    return
  }
  const [status, code, message] = answers.get(error.code ?? '') ?? malformed
  const body = JSON.stringify({ error: { message, type: 'invalid_request_error', code } })
  const head = `HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
  socket.end(head + body, () => socket.destroy())
}

const refuseTunnel = (_request: IncomingMessage, socket: Duplex): void => {
  socket.end('HTTP/1.1 405 Method Not Allowed\r\nconnection: close\r\ncontent-length: 0\r\n\r\n')
}

export const newFront = ({ gateway, limits, tls }: FrontOptions): Server => {
  const parsing = parserOptions(limits)
  const server = tls === null ? createServer(parsing) : createTlsServer({ ...tls, ...parsing })
  server.maxConnections = limits.maxConnections
  server.on('request', (request, response) => gateway.handle(request, response))
  server.on('checkContinue', (request, response) => gateway.handle(request, response, true))
  server.on('checkExpectation', (_request, response) => response.writeHead(417).end())
  server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head))
  server.on('connect', refuseTunnel)
  server.on('clientError', refuseRaw)
  return server
}

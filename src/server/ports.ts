/** Where the server listens: one port, or one that leads to TLS and one with it. */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { Server as TlsServer } from 'node:https'
import type { SecureContext } from 'node:tls'
import { ArgumentError } from '#domain/errors'
import { defaultFrontLimits, newFront } from '#gateway/front'
import type { Gateway } from '#gateway/gateway'
import type { OwnPages } from './own-pages.ts'

interface Pem {
  readonly cert: string
  readonly key: string
}

/** Certificates by host name, and the answers that prove a name ours. */
export interface Certificates {
  secureContext(name: string): Promise<SecureContext | undefined>
  /** To a path under /.well-known/acme-challenge/; null where it is nothing of ours. */
  answer(path: string): string | null
  /** For clients that say no name; null where no certificate is everybody's. */
  pem(): Pem | null
  /** Calls back with another one, whenever there is. */
  onChanged(listener: (pem: Pem) => void): void
}

export interface TlsPort {
  readonly port: number
  readonly certificates: Certificates
}

interface PortOptions {
  readonly host: string
  readonly port: number
  readonly tls: TlsPort | null
}

interface Behind {
  readonly gateway: Pick<Gateway, 'handle' | 'upgrade'>
  readonly ownPages: OwnPages
  /** Hosts under it are services, and have pages of their own. */
  readonly domain: string
}

export interface OpenPorts {
  readonly servers: readonly Server[]
  readonly port: number
  readonly tlsPort: number | null
}

const hostOf = ({ headers }: IncomingMessage): string =>
  (headers.host ?? '').replace(/:\d+$/, '').toLowerCase()

const reasons: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'something listens there already'],
  ['EACCES', 'this user may not listen there'],
  ['EADDRNOTAVAIL', 'this machine has no such address'],
  ['ENOTFOUND', 'there is no such name'],
])

const notListening = (host: string, port: number, error: Error): Error => {
  const reason = 'code' in error ? reasons.get(String(error.code)) : undefined
  if (reason === undefined) return error
  return new ArgumentError(`cannot listen on port ${port} of "${host}": ${reason}`, {
    hint: 'give another port or host; port 0 is a free one',
  })
}

/** Throws ArgumentError. */
const listen = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(notListening(host, port, error)))
    server.listen(port, host, () => {
      server.removeAllListeners('error')
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })

const withOwnPages = ({
  gateway,
  ownPages,
  domain,
}: Behind): Pick<Gateway, 'handle' | 'upgrade'> => ({
  upgrade: gateway.upgrade,
  handle: (request, response, awaitsContinue) => {
    const isService = hostOf(request).endsWith(`.${domain}`)
    if (!isService && ownPages(request, response)) return
    gateway.handle(request, response, awaitsContinue)
  },
})

const challengePath = '/.well-known/acme-challenge/'

/** Before TLS: only what proves a name ours, and pages of the server; all else is sent on. */
const beforeTls = ({ ownPages }: Behind, certificates: Certificates, tlsPort: number) => {
  const port = tlsPort === 443 ? '' : `:${tlsPort}`
  return (request: IncomingMessage, response: ServerResponse): void => {
    const path = request.url ?? '/'
    const host = hostOf(request)
    const proof = path.startsWith(challengePath) ? certificates.answer(path) : null
    if (proof !== null) {
      response.writeHead(200, { 'content-type': 'text/plain' }).end(proof)
      return
    }
    if (ownPages(request, response)) return
    if (!/^[a-z0-9.-]+$/.test(host) || !path.startsWith('/')) response.writeHead(400).end()
    else response.writeHead(308, { location: `https://${host}${port}${path}` }).end()
  }
}

const openBoth = async (
  { host, port }: PortOptions,
  { port: wanted, certificates }: TlsPort,
  behind: Behind,
): Promise<OpenPorts> => {
  const secure = newFront({
    gateway: withOwnPages(behind),
    limits: defaultFrontLimits,
    tls: {
      ...certificates.pem(),
      SNICallback: (name, done) => {
        certificates.secureContext(name).then(
          (context) => done(null, context),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        )
      },
    },
  })
  certificates.onChanged((pem) => {
    if (secure instanceof TlsServer) secure.setSecureContext(pem)
  })
  const tlsPort = await listen(secure, host, wanted)
  const handle = beforeTls(behind, certificates, tlsPort)
  const upgrade: Gateway['upgrade'] = (_request, socket) => void socket.destroy()
  const plain = newFront({ gateway: { handle, upgrade }, limits: defaultFrontLimits, tls: null })
  return { servers: [plain, secure], port: await listen(plain, host, port), tlsPort }
}

export const openPorts = async (options: PortOptions, behind: Behind): Promise<OpenPorts> => {
  if (options.tls !== null) return openBoth(options, options.tls, behind)
  const gateway = withOwnPages(behind)
  const plain = newFront({ gateway, limits: defaultFrontLimits, tls: null })
  return {
    servers: [plain],
    port: await listen(plain, options.host, options.port),
    tlsPort: null,
  }
}

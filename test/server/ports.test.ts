import { request as httpRequest } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import type { Gateway } from '#gateway/gateway'
import { newOwnPages } from '#server/own-pages'
import { type Certificates, type OpenPorts, openPorts } from '#server/ports'

let open: OpenPorts | null = null
afterEach(() => {
  for (const server of open?.servers ?? []) {
    server.closeAllConnections()
    server.close()
  }
})

let notReady: string | null = null
const ownPages = newOwnPages({
  identify: (authorization) =>
    authorization === 'Bearer good' ? { tokenId: '1', mayUse: () => true } : null,
  metrics: { contentType: 'text/plain', text: () => Promise.resolve('figures 1\n') },
  notReady: () => notReady,
})

const gateway: Pick<Gateway, 'handle' | 'upgrade'> = {
  handle: (request, response) => void response.end(`gateway ${request.url}`),
  upgrade: (_request, socket) => void socket.destroy(),
}

const certificates: Certificates = {
  secureContext: () => Promise.resolve(undefined),
  answer: (path) => (path.endsWith('/known') ? 'proof' : null),
  pem: () => null,
  onChanged: () => undefined,
}

const listen = async (tls: boolean): Promise<void> => {
  open = await openPorts(
    { host: '127.0.0.1', port: 0, tls: tls ? { port: 0, certificates } : null },
    { gateway, ownPages, domain: 'localhost' },
  )
}

const get = (path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; location: string | undefined; text: string }>((resolve, reject) => {
    const { port } = open ?? { port: 0 }
    httpRequest({ host: '127.0.0.1', port, path, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, location: response.headers.location, text }),
      )
    })
      .on('error', reject)
      .end()
  })

describe('plain HTTP', () => {
  test('pages of the server are at its own address, and nowhere under a service', async () => {
    await listen(false)
    expect(await get('/healthz')).toMatchObject({ status: 200, text: 'ok\n' })
    expect((await get('/healthz', { host: 'run.localhost' })).text).toBe('gateway /healthz')
    expect((await get('/elsewhere')).text).toBe('gateway /elsewhere')
  })

  test('readiness ends before the server does', async () => {
    await listen(false)
    expect(await get('/readyz')).toMatchObject({ status: 200 })
    notReady = 'the server is ending'
    expect(await get('/readyz')).toMatchObject({ status: 503, text: 'the server is ending\n' })
    notReady = null
  })

  test('metrics are for those with a token', async () => {
    await listen(false)
    expect(await get('/metrics')).toMatchObject({ status: 401 })
    expect((await get('/metrics', { authorization: 'Bearer good' })).text).toBe('figures 1\n')
  })
})

describe('before TLS', () => {
  test('everything leads to TLS, but proofs and pages of the server', async () => {
    await listen(true)
    const host = 'run.example.com'
    const { status, location } = await get('/path?query', { host })
    expect([status, location]).toEqual([308, `https://${host}:${open?.tlsPort}/path?query`])
    expect((await get('/.well-known/acme-challenge/known', { host })).text).toBe('proof')
    expect((await get('/.well-known/acme-challenge/other', { host })).status).toBe(308)
    expect((await get('/healthz')).status).toBe(200)
    expect((await get('/', { host: 'evil.com/@' })).status).toBe(400)
  })
})

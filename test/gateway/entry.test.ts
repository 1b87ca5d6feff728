import { afterEach, expect, test } from 'vitest'
import { ask, newCloser, portOf, raw, service, startStand, startUpstream } from './stand.ts'

const closer = newCloser()
afterEach(() => closer.closeAll())

const stand = async () => {
  const upstream = await startUpstream(closer, (request, response) =>
    response.end(JSON.stringify({ url: request.url, headers: request.headers })),
  )
  const started = await startStand(closer)
  started.gateway.update([
    service('web', [portOf(upstream)]),
    service('shut', [portOf(upstream)], { auth: true }),
  ])
  return started
}

const seen = (text: string) =>
  JSON.parse(text) as { url: string; headers: Record<string, string | undefined> }

test('a host names its run, whatever its case and port', async () => {
  const { port } = await stand()
  for (const host of ['web.example.test', 'WEB.Example.TEST:8080', 'web.example.test.']) {
    const reply = await ask(port, { host, path: '/a/b?c=1' })
    expect(reply.status).toBe(200)
    expect(seen(reply.text).url).toBe('/a/b?c=1')
    expect(seen(reply.text).headers['host']).toBe(host)
  }
})

test('a bare host names runs by path, and the prefix is cut off', async () => {
  const { port } = await stand()
  const reply = await ask(port, { host: `127.0.0.1:${port}`, path: '/services/web/a?b' })
  expect(seen(reply.text).url).toBe('/a?b')
  expect(seen(reply.text).headers['x-forwarded-prefix']).toBe('/services/web')
  const redirect = await ask(port, { host: 'localhost', path: '/services/web?b' })
  expect([redirect.status, redirect.headers.location]).toEqual([308, '/services/web/?b'])
})

test('without a valid token, everything that is not an open service looks the same', async () => {
  const { port } = await stand()
  const replies = await Promise.all(
    [
      { host: 'shut.example.test' },
      { host: 'none.example.test' },
      { host: 'a.b.example.test' },
      { host: 'elsewhere.test' },
      { host: '127.0.0.1', path: '/services/shut/x' },
      { host: '127.0.0.1', path: '/services/none/x' },
      { host: '127.0.0.1', path: '/services/none' },
      { host: 'shut.example.test', headers: { authorization: 'Bearer bad' } },
    ].map((wanted) => ask(port, wanted)),
  )
  const looks = replies.map(({ status, text, headers }) => {
    const { error } = JSON.parse(text) as { error: unknown }
    return JSON.stringify([status, error, Object.keys(headers)])
  })
  expect(new Set(looks).size).toBe(1)
  expect(replies[0]?.status).toBe(401)
  expect(replies[0]?.headers['www-authenticate']).toBe('Bearer')
})

test('a valid token without the right, or for no run, is told 404', async () => {
  const { port, counted } = await stand()
  const status = async (host: string, token: string, path = '/') =>
    (await ask(port, { host, path, headers: { authorization: `Bearer ${token}` } })).status
  expect(await status('shut.example.test', 'narrow')).toBe(404)
  expect(await status('none.example.test', 'good')).toBe(404)
  expect(await status('127.0.0.1', 'good', '/elsewhere')).toBe(404)
  expect(counted).toEqual([])
  expect(await status('shut.example.test', 'good')).toBe(200)
  expect(counted).toEqual(['id-shut'])
})

test('the token that opened the gateway goes no further; an open service gets its headers', async () => {
  const { port } = await stand()
  const headers = { authorization: 'Bearer good' }
  const shut = await ask(port, { host: 'shut.example.test', headers })
  expect(seen(shut.text).headers['authorization']).toBeUndefined()
  const open = await ask(port, { headers })
  expect(seen(open.text).headers['authorization']).toBe('Bearer good')
})

test('models answer at their host and under /v1, to bearers alone', async () => {
  const { port } = await stand()
  const headers = { authorization: 'Bearer good' }
  const at = async (host: string, path: string, given: Record<string, string> = headers) => {
    const { status, text } = await ask(port, { host, path, headers: given })
    return `${status} ${text}`
  }
  expect(await at('gateway.example.test', '/models?x')).toBe('200 models /models?x Bearer good')
  expect(await at('127.0.0.1', '/v1/chat')).toBe('200 models /v1/chat Bearer good')
  expect(await at('localhost', '/models')).toBe('200 models /models Bearer good')
  expect(await at('gateway.example.test', '/models', {})).toMatch(/^401 /)
  const preflight = await ask(port, {
    host: 'gateway.example.test',
    method: 'OPTIONS',
    headers: { origin: 'http://a.test', 'access-control-request-method': 'POST' },
  })
  expect([preflight.status, preflight.headers['access-control-allow-origin']]).toEqual([204, '*'])
})

test('domain null serves <run>.localhost', async () => {
  const upstream = await startUpstream(closer, (_request, response) => response.end('hello'))
  const { gateway, port } = await startStand(closer, { more: { domain: null } })
  gateway.update([service('web', [portOf(upstream)])])
  expect((await ask(port, { host: `web.localhost:${port}` })).text).toBe('hello')
})

test.each([
  '/services/web/../shut/x',
  '/services/web/%2e%2e/shut/x',
  '/services/web/.%2E/shut/x',
  '/services/web/..%2fshut',
  '/services/web/a/..',
  '/services/web/..\\shut',
  '/services/../v1/models',
])('%s does not climb', async (path) => {
  const { port } = await stand()
  expect((await ask(port, { host: '127.0.0.1', path })).status).toBe(400)
})

const requests: readonly (readonly [name: string, text: string])[] = [
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['two hosts', 'GET / HTTP/1.1\r\nHost: web.example.test\r\nHost: shut.example.test\r\n\r\n'],
  ['a host with a path', 'GET / HTTP/1.1\r\nHost: web.example.test/shut\r\n\r\n'],
  ['an absolute target', 'GET http://web.example.test/ HTTP/1.1\r\nHost: web.example.test\r\n\r\n'],
  ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: web.example.test\r\n\r\n'],
  ['TRACE', 'TRACE / HTTP/1.1\r\nHost: web.example.test\r\n\r\n'],
  ['CONNECT', 'CONNECT web.example.test:80 HTTP/1.1\r\nHost: web.example.test\r\n\r\n'],
  ['no HTTP', 'HELLO\r\n\r\n'],
]
test.each(requests)('%s is refused', async (_name, text) => {
  const { port, counted } = await stand()
  const answer = await raw(port, text.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
  expect(answer).toMatch(/^HTTP\/1\.1 40[05] /)
  expect(counted).toEqual([])
})

import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { KnownError } from '#domain/errors'
import {
  type AnswerStash,
  type Call,
  defaultBackoff,
  defaultHttpLimits,
  type HttpClient,
  type HttpOptions,
  newHttpClient,
  type StashedAnswer,
} from '#platform/http'
import { backoffMs, retryAfterMs } from '#platform/http-time'
import {
  type Asked,
  type Reply,
  type ScriptedServer,
  startServer,
} from '../contract/scripted-server.ts'
import { newTestClock } from '../contract/test-clock.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const serve = async (respond: (asked: Asked) => Reply): Promise<ScriptedServer> => {
  const server = await startServer(respond)
  open.push(server)
  return server
}

const client = (over: Partial<HttpOptions> = {}): HttpClient => {
  const http = newHttpClient({
    clock: newTestClock(),
    limits: defaultHttpLimits,
    backoff: defaultBackoff,
    random: () => 0,
    stash: null,
    ...over,
  })
  open.unshift(http)
  return http
}

const call = (url: string, over: Partial<Call> = {}): Call => ({
  url: new URL(url),
  limit: { intervalMs: 0, atOnce: 4 },
  signal: new AbortController().signal,
  ...over,
})

const errorOf = async (work: Promise<unknown>): Promise<KnownError> => {
  try {
    await work
  } catch (error) {
    if (error instanceof KnownError) return error
    throw error
  }
  throw new Error('it did not fail')
}

describe('attempts', () => {
  test.each([500, 502, 503, 429, 408])(
    '%i is tried again, longer apart each time',
    async (status) => {
      const clock = newTestClock()
      const server = await serve(() => (server.asked.length < 4 ? { status } : { body: 'at last' }))
      expect((await client({ clock }).send(call(server.url))).text).toBe('at last')
      expect(clock.slept).toEqual([500, 1000, 2000])
    },
  )

  test.each([400, 404, 410, 422])('%i is final', async (status) => {
    const server = await serve(() => ({ status }))
    const error = await errorOf(client().send(call(server.url)))
    expect(error.code).toBe('upstream-refused')
    expect(server.asked.length).toBe(1)
  })

  test('a connection that breaks is tried again, and named when it stays so', async () => {
    const server = await serve(() => 'reset')
    const error = await errorOf(client().send(call(`${server.url}/prices?key=canary`)))
    expect(error.code).toBe('upstream-unreachable')
    expect(error.message).toContain('/prices')
    expect(error.message).not.toContain('canary')
    expect(server.asked.length).toBe(defaultBackoff.attempts)
  })

  test('nobody at the port is unreachable', async () => {
    const server = await startServer(() => ({}))
    await server.close()
    expect((await errorOf(client().send(call(server.url)))).code).toBe('upstream-unreachable')
  })

  test('a wait longer than any refresh is not waited for', async () => {
    const clock = newTestClock()
    const server = await serve(() => ({ status: 429, headers: { 'retry-after': '86400' } }))
    expect((await errorOf(client({ clock }).send(call(server.url)))).code).toBe('upstream-refused')
    expect(clock.slept).toEqual([])
  })

  test('waits are read in seconds and as dates', () => {
    const nowMs = Date.parse('2026-11-24T12:00:00Z')
    expect(retryAfterMs('7', nowMs)).toBe(7000)
    expect(retryAfterMs('Tue, 24 Nov 2026 12:00:30 GMT', nowMs)).toBe(30_000)
    expect(retryAfterMs('Tue, 24 Nov 2026 11:00:00 GMT', nowMs)).toBe(0)
    expect(retryAfterMs('soon', nowMs)).toBeNull()
    expect(retryAfterMs(undefined, nowMs)).toBeNull()
  })

  test('waits grow to their limit', () => {
    const waits = [1, 2, 3, 10].map((failures) => backoffMs(defaultBackoff, failures, 1))
    expect(waits).toEqual([375, 750, 1500, 22_500])
  })
})

describe('the body', () => {
  test('gzip is unpacked', async () => {
    const headers = { 'content-encoding': 'gzip' }
    const server = await serve(() => ({ headers, body: gzipSync('packed') }))
    expect((await client().send(call(server.url))).text).toBe('packed')
  })

  test('a small gzip of a great body is stopped at the limit', async () => {
    const headers = { 'content-encoding': 'gzip' }
    const server = await serve(() => ({ headers, body: gzipSync(Buffer.alloc(5_000_000)) }))
    const limits = { ...defaultHttpLimits, bodyBytes: 100_000 }
    const error = await errorOf(client({ limits }).send(call(server.url)))
    expect(error.code).toBe('upstream-invalid')
    expect(error.message).toContain('larger than 100000 bytes')
    expect(server.asked.length).toBe(1)
  })

  test('a body that stalls is given up', async () => {
    const server = await serve(() => 'stall')
    const limits = { ...defaultHttpLimits, wholeMs: 50 }
    const backoff = { ...defaultBackoff, attempts: 1 }
    const error = await errorOf(client({ limits, backoff }).send(call(server.url)))
    expect(error.code).toBe('upstream-unreachable')
  })
})

describe('redirects', () => {
  test('are followed, on the same host with credentials', async () => {
    const server = await serve(({ path }) =>
      path === '/old' ? { status: 301, headers: { location: '/new' } } : { body: 'moved' },
    )
    const secretHeaders = { authorization: 'Bearer canary' }
    const sent = await client().send(call(`${server.url}/old`, { secretHeaders }))
    expect(sent.text).toBe('moved')
    expect(server.asked[1]?.headers.authorization).toBe('Bearer canary')
  })

  test('to another host get no credentials', async () => {
    const other = await serve(() => ({ body: 'caught' }))
    const server = await serve(() => ({ status: 302, headers: { location: other.url } }))
    const secretHeaders = { authorization: 'Bearer canary' }
    const error = await errorOf(client().send(call(server.url, { secretHeaders })))
    expect(error.code).toBe('upstream-refused')
    expect(other.asked).toEqual([])
    expect((await client().send(call(server.url))).text).toBe('caught')
  })

  test('end', async () => {
    const server = await serve(() => ({ status: 302, headers: { location: '/again' } }))
    expect((await errorOf(client().send(call(server.url)))).message).toContain('more than 5 times')
  })
})

describe('the same again', () => {
  const memory = (): AnswerStash & { readonly kept: Map<string, StashedAnswer> } => {
    const kept = new Map<string, StashedAnswer>()
    return {
      kept,
      get: (url) => kept.get(url) ?? null,
      put: (url, answer) => {
        kept.set(url, answer)
      },
    }
  }

  test('is asked for by its tag, and not sent twice', async () => {
    const server = await serve(({ headers }) =>
      headers['if-none-match'] === '"v1"'
        ? { status: 304 }
        : { headers: { etag: '"v1"' }, body: 'prices' },
    )
    const http = client({ stash: memory() })
    expect(await http.send(call(server.url))).toMatchObject({ text: 'prices', unchanged: false })
    expect(await http.send(call(server.url))).toMatchObject({ text: 'prices', unchanged: true })
  })

  test('is never kept where credentials were sent', async () => {
    const server = await serve(() => ({ headers: { etag: '"v1"' }, body: 'prices' }))
    const stash = memory()
    await client({ stash }).send(call(server.url, { secretHeaders: { authorization: 'canary' } }))
    expect(stash.kept.size).toBe(0)
  })
})

test('a clock that is set back does not make anyone wait', async () => {
  const clock = newTestClock()
  const server = await serve(() => ({ body: 'x' }))
  const http = client({ clock })
  const limit = { intervalMs: 1000, atOnce: 1 }
  await http.send(call(server.url, { limit }))
  clock.advance(-86_400_000)
  await http.send(call(server.url, { limit }))
  expect(clock.slept).toEqual([1000])
})

test('hosts are asked one at a time, and as far apart as told', async () => {
  const clock = newTestClock()
  let running = 0
  let most = 0
  const server = await serve(() => {
    running += 1
    most = Math.max(most, running)
    running -= 1
    return { body: 'x' }
  })
  const http = client({ clock })
  const limit = { intervalMs: 1000, atOnce: 1 }
  await Promise.all([1, 2, 3, 4].map(() => http.send(call(server.url, { limit }))))
  expect(most).toBe(1)
  expect(clock.slept).toEqual([1000, 1000, 1000])
})

import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { KnownError } from '#domain/errors'
import {
  type Call,
  defaultBackoff,
  defaultHttpLimits,
  type HttpClient,
  type HttpOptions,
  newHttpClient,
} from '#platform/http'
import { type Asked, type Reply, startServer } from '../contract/scripted-server.ts'
import { newTestClock } from '../contract/test-clock.ts'

const open: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of open.splice(0)) await one.close()
})

const serve = async (respond: (asked: Asked) => Reply) => {
  const server = await startServer(respond)
  open.push(server)
  return server
}

/** A server that writes as a test says, piece by piece. */
const servePieces = async (write: (response: ServerResponse, asked: number) => void) => {
  let asked = 0
  let closed = 0
  const server = createServer((request, response) => {
    request.resume()
    response.on('close', () => {
      closed += 1
    })
    write(response, (asked += 1))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, asked: () => asked, closed: () => closed }
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

const sizes = async (body: AsyncIterable<Uint8Array>): Promise<readonly number[]> => {
  const all: number[] = []
  for await (const piece of body) all.push(piece.length)
  return all
}

const text = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
  const pieces: Uint8Array[] = []
  for await (const piece of body) pieces.push(piece)
  return Buffer.concat(pieces).toString()
}

const errorOf = async (work: Promise<unknown>): Promise<KnownError> => {
  try {
    await work
  } catch (error) {
    if (error instanceof KnownError) return error
    throw error
  }
  throw new Error('it did not fail')
}

test('a gzip of several members comes out piece by piece', async () => {
  const member = gzipSync(Buffer.alloc(1_000_000, 'a'))
  const server = await serve(() => ({
    headers: { 'content-encoding': 'gzip' },
    body: Buffer.concat([member, member, member]),
  }))
  const pieces = await client().stream(call(server.url), sizes)
  expect(pieces.reduce((sum, size) => sum + size, 0)).toBe(3_000_000)
  expect(Math.max(...pieces)).toBeLessThanOrEqual(64 * 1024)
})

test('what may pass is tried again before anything is read, and waited for as long as asked', async () => {
  const clock = newTestClock()
  let reads = 0
  const server = await serve(() =>
    server.asked.length < 3
      ? { status: 503, headers: { 'retry-after': '9' }, body: 'not now' }
      : { body: 'at last' },
  )
  const got = await client({ clock }).stream(call(server.url), (body) => {
    reads += 1
    return text(body)
  })
  expect(got).toBe('at last')
  expect(reads).toBe(1)
  expect(clock.slept).toEqual([9000, 9000])
})

test('a body cut short is read anew from its start, and an error when it stays so', async () => {
  const cut = (response: ServerResponse): void => {
    response.writeHead(200, { 'content-length': '10' })
    response.write('half', () => response.destroy())
  }
  const starts: string[] = []
  const read = async (body: AsyncIterable<Uint8Array>): Promise<string> => {
    starts.push('')
    for await (const piece of body) starts[starts.length - 1] += Buffer.from(piece).toString()
    return starts.at(-1) ?? ''
  }
  const once = await servePieces((response, asked) =>
    asked === 1 ? cut(response) : response.end('0123456789'),
  )
  expect(await client().stream(call(once.url), read)).toBe('0123456789')
  expect(starts).toEqual(['half', '0123456789'])
  const always = await servePieces(cut)
  expect((await errorOf(client().stream(call(always.url), text))).code).toBe('upstream-unreachable')
  expect(always.asked()).toBe(defaultBackoff.attempts)
})

test('chunks without the last one are a body cut short', async () => {
  const server = await servePieces((response) => {
    response.writeHead(200)
    response.write('half', () => response.destroy())
  })
  expect((await errorOf(client().stream(call(server.url), text))).code).toBe('upstream-unreachable')
})

test('a gzip cut off is an error', async () => {
  const whole = gzipSync(Buffer.alloc(100_000, 'abcdefg'))
  const server = await serve(() => ({
    headers: { 'content-encoding': 'gzip' },
    body: whole.subarray(0, whole.length - 20),
  }))
  expect((await errorOf(client().stream(call(server.url), text))).code).toBe('upstream-invalid')
})

test('more than the limit is stopped, at the first attempt', async () => {
  const server = await serve(() => ({
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(Buffer.alloc(5_000_000)),
  }))
  const limits = { ...defaultHttpLimits, streamBytes: 100_000 }
  const error = await errorOf(client({ limits }).stream(call(server.url), text))
  expect(error.message).toContain('larger than 100000 bytes')
  expect(server.asked.length).toBe(1)
})

test('silence ends it; a body that goes on for longer than a whole answer may does not', async () => {
  const server = await servePieces((response, asked) => {
    response.writeHead(200)
    response.write('a')
    if (asked > 1) return
    const timer = setInterval(() => response.write('b'), 20)
    setTimeout(() => {
      clearInterval(timer)
      response.end('c')
    }, 200)
  })
  const backoff = { ...defaultBackoff, attempts: 1 }
  const limits = { ...defaultHttpLimits, wholeMs: 60 }
  expect(await client({ limits, backoff }).stream(call(server.url), text)).toMatch(/^ab+c$/)
  const short = { ...limits, streamMs: 100 }
  const error = await errorOf(client({ limits: short, backoff }).stream(call(server.url), text))
  expect(error.message).toContain('took too long')
})

test('an error of the reader is its own, and final', async () => {
  const server = await serve(() => ({ body: 'prices' }))
  const work = client().stream(call(server.url), async () => {
    throw new TypeError('a bug')
  })
  await expect(work).rejects.toThrow(new TypeError('a bug'))
  expect(server.asked.length).toBe(1)
})

test('whoever has read enough closes the connection', async () => {
  const server = await servePieces((response) => {
    const timer = setInterval(() => response.write(Buffer.alloc(100_000)), 1)
    response.on('close', () => clearInterval(timer))
  })
  const first = await client().stream(call(server.url), async (body) => {
    for await (const piece of body) return piece.length
    return 0
  })
  expect(first).toBeGreaterThan(0)
  await expect.poll(server.closed).toBe(1)
})

test('redirects are followed, but not to another host with credentials', async () => {
  const other = await serve(() => ({ body: 'caught' }))
  const server = await serve(({ path }) =>
    path === '/here'
      ? { status: 302, headers: { location: '/there' } }
      : path === '/there'
        ? { body: 'moved' }
        : { status: 302, headers: { location: other.url } },
  )
  const secretHeaders = { authorization: 'Bearer canary' }
  expect(await client().stream(call(`${server.url}/here`, { secretHeaders }), text)).toBe('moved')
  const error = await errorOf(client().stream(call(server.url, { secretHeaders }), text))
  expect(error.code).toBe('upstream-refused')
  expect(other.asked).toEqual([])
})

test('rejected credentials are told as such', async () => {
  const server = await serve(() => ({ status: 403, body: 'no' }))
  const error = await errorOf(client().stream(call(server.url), text))
  expect(error.code).toBe('upstream-credentials')
  expect(server.asked.length).toBe(1)
})

test('an abort ends it, and is no failure of the source', async () => {
  const server = await serve(() => 'stall')
  const controller = new AbortController()
  setTimeout(() => controller.abort(new Error('told to stop')), 20)
  const work = client().stream(call(server.url, { signal: controller.signal }), text)
  await expect(work).rejects.toThrow('told to stop')
})

test('a host has its turns while a body is read', async () => {
  const server = await serve(() => ({ body: 'x' }))
  const http = client()
  const limit = { intervalMs: 0, atOnce: 1 }
  const order: string[] = []
  const slow = http.stream(call(`${server.url}/slow`, { limit }), async (body) => {
    await text(body)
    await new Promise((resolve) => setTimeout(resolve, 30))
    order.push('slow')
  })
  const fast = http.send(call(`${server.url}/fast`, { limit })).then(() => order.push('fast'))
  await Promise.all([slow, fast])
  expect(order).toEqual(['slow', 'fast'])
})

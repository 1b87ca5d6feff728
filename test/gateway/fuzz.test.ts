/** Heads of every bad kind, seeded: never a crash, never a header of one request in another. */
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Random, seeded } from '../random.ts'
import { ask, newCloser, portOf, service, type Stand, startStand, startUpstream } from './stand.ts'

const closer = newCloser()
let stand: Stand
const mixed: string[] = []

/** Every header that a fuzzed request marks names its request; the path names it as well. */
const foreignMarks = (url: string, rawHeaders: readonly string[]): readonly string[] => {
  const own = /^\/r(\d+)/.exec(url)?.[1]
  const marks = rawHeaders.flatMap((text) => text.match(/mark-\d+/g) ?? [])
  return own === undefined ? marks : marks.filter((mark) => mark !== `mark-${own}`)
}

beforeAll(async () => {
  const upstream = await startUpstream(closer, (request, response) => {
    mixed.push(...foreignMarks(request.url ?? '', request.rawHeaders))
    request.resume()
    response.end('ok')
  })
  stand = await startStand(closer, { front: { headersTimeoutMs: 500 } })
  stand.gateway.update([service('web', [portOf(upstream)]), service('shut', [], { auth: true })])
})
afterAll(() => closer.closeAll())

const names = [
  'Host', 'Connection', 'Content-Length', 'Transfer-Encoding', 'Expect', 'Upgrade', 'Trailer', 'TE',
  'X-Forwarded-For', 'Forwarded', 'Authorization', 'Cookie', 'X-A', 'x_a', 'Keep-Alive', 'X-Ä', 'X A', '',
] // prettier-ignore
const values = [
  'web.example.test', 'close', 'keep-alive', 'x-a, host, content-length', '0', '5', '-1', '1e9', '99999999999999999999',
  'chunked', 'gzip, chunked', '100-continue', 'websocket', 'h2c', 'a\tb', 'a\u0000b', 'a\rb', 'é\u00ff', '%0d%0a',
  'a\r\n folded', '"', '\\', ',,,', '', 'x'.repeat(5000),
] // prettier-ignore
const targets = [
  '/',
  '/x',
  '/%00',
  '/%zz',
  '//',
  '/?',
  '/#',
  '*',
  '/services/web/..',
  '/services/%2e%2e/',
  '/é',
  '/a b',
]
const ends = ['\r\n', '\r\n', '\r\n', '\r\n', '\r\n', '\n', '\r', '\r\n\r\n']

const headOf = (random: Random, serial: number): string => {
  const method = random.pick(['GET', 'GET', 'POST', 'PUT', 'HEAD', 'OPTIONS', 'BREW', 'get', ''])
  const target = random.chance(0.7) ? `/r${serial}` : random.pick(targets)
  let head = `${method} ${target} HTTP/1.${random.pick(['1', '1', '1', '0', '9'])}\r\n`
  if (random.chance(0.85)) head += 'Host: web.example.test\r\n'
  if (target.startsWith('/r')) head += `X-Mark: mark-${serial}\r\n`
  for (let count = random.int(0, 5); count > 0; count--) {
    head += `${random.pick(names)}${random.pick([': ', ':', ' :'])}${random.pick(values)}${random.pick(ends)}`
  }
  return `${head}\r\n${random.chance(0.3) ? random.pick(['hello', '0\r\n\r\n', '5\r\nhello\r\n0\r\n\r\n', 'zz\r\n']) : ''}`
}

const throwAt = (port: number, text: string): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(text, 'latin1'))
    const timer = setTimeout(() => socket.destroy(), 60)
    socket.on('data', () => {}).on('error', () => {})
    socket.on('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })

test('two seconds of it', async () => {
  const random = seeded(20260824)
  const endMs = performance.now() + 2000
  let serial = 0
  while (performance.now() < endMs) {
    const batch = Array.from({ length: 20 }, () => {
      let text = ''
      for (let count = random.int(1, 3); count > 0; count--) text += headOf(random, (serial += 1))
      return throwAt(stand.port, text)
    })
    await Promise.all(batch)
  }
  expect(serial).toBeGreaterThan(100)
  expect(mixed).toEqual([])
  expect(stand.answered.filter(({ status }) => status === 200).length).toBeGreaterThan(20)
  expect((await ask(stand.port)).text).toBe('ok')
})

import { afterEach, beforeEach, expect, test } from 'vitest'
import { newCloser, portOf, raw, service, type Stand, startStand, startUpstream } from './stand.ts'

const closer = newCloser()
const seen: string[] = []
let stand: Stand

beforeEach(async () => {
  seen.length = 0
  const upstream = await startUpstream(closer, (request, response) => {
    seen.push(`${request.method} ${request.url}`)
    request.resume().on('end', () => response.end('ok'))
  })
  stand = await startStand(closer, { front: { headersTimeoutMs: 400 } })
  stand.gateway.update([service('web', [portOf(upstream)])])
})
afterEach(() => closer.closeAll())

const post = 'POST /a HTTP/1.1\r\nHost: web.example.test\r\n'
const hidden = 'GET /hidden HTTP/1.1\r\nHost: web.example.test\r\n\r\n'

test.each([
  [
    'a length beside chunks',
    `${post}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
  ],
  [
    'chunks beside a length',
    `${post}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n${hidden}`,
  ],
  ['two lengths', `${post}Content-Length: 0\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`],
  ['the same length twice', `${post}Content-Length: 2\r\nContent-Length: 2\r\n\r\nhi${hidden}`],
  ['a list of lengths', `${post}Content-Length: 2, 2\r\n\r\nhi${hidden}`],
  ['a signed length', `${post}Content-Length: +2\r\n\r\nhi${hidden}`],
  ['a hexadecimal length', `${post}Content-Length: 0x2\r\n\r\nhi${hidden}`],
  [
    'a bad size of a chunk',
    `${post}Transfer-Encoding: chunked\r\n\r\nzz\r\nhi\r\n0\r\n\r\n${hidden}`,
  ],
  [
    'a chunk without its end',
    `${post}Transfer-Encoding: chunked\r\n\r\n2\r\nhiXX0\r\n\r\n${hidden}`,
  ],
  ['an encoding of another name', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['chunked not last', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${hidden}`],
  ['a blank before the colon', `${post}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a folded header', `${post}X-A: 1\r\n folded: 2\r\nContent-Length: 0\r\n\r\n${hidden}`],
  ['a folded encoding', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n${hidden}`],
  ['a line that ends in LF alone', `${post}X-A: 1\nContent-Length: 0\r\n\r\n${hidden}`],
  ['a CR inside a value', `${post}X-A: 1\r2\r\nContent-Length: 0\r\n\r\n${hidden}`],
  ['a NUL inside a value', `${post}X-A: 1\u00002\r\nContent-Length: 0\r\n\r\n${hidden}`],
  ['a name with a blank', `${post}X A: 1\r\nContent-Length: 0\r\n\r\n${hidden}`],
  ['an empty name', `${post}: 1\r\nContent-Length: 0\r\n\r\n${hidden}`],
])('%s hides no second request', async (_name, text) => {
  const answer = await raw(stand.port, text, 1500)
  expect(seen.filter((one) => one.includes('hidden'))).toEqual([])
  // Where a body had begun by then the connection is cut; else the answer is a refusal.
  expect(answer).toMatch(/^($|HTTP\/1\.1 (400|408|502) )/)
  expect(answer).not.toContain('HTTP/1.1 200')
})

test('headers that are too large are refused', async () => {
  const answer = await raw(
    stand.port,
    `GET / HTTP/1.1\r\nHost: web.example.test\r\nX-A: ${'a'.repeat(20_000)}\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 431 /)
  expect(seen).toEqual([])
})

test('a client that dribbles its head is cut off, and others are served meanwhile', async () => {
  const slow = raw(stand.port, 'GET / HTTP/1.1\r\nHost: web.exa')
  const quick = await raw(
    stand.port,
    'GET /quick HTTP/1.1\r\nHost: web.example.test\r\nConnection: close\r\n\r\n',
  )
  expect(quick).toMatch(/^HTTP\/1\.1 200 /)
  expect(await slow).toMatch(/^HTTP\/1\.1 408 /)
})

test('requests in a row on one connection are answered in their order', async () => {
  const one = (path: string, more = '') =>
    `GET ${path} HTTP/1.1\r\nHost: web.example.test\r\n${more}\r\n`
  const answer = await raw(stand.port, one('/1') + one('/2') + one('/3', 'Connection: close\r\n'))
  expect(answer.match(/HTTP\/1\.1 200/g)?.length).toBe(3)
  expect(seen.toSorted()).toEqual(['GET /1', 'GET /2', 'GET /3'])
})

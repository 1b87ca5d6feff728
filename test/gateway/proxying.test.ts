import { request } from 'node:http'
import { connect, createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import {
  ask,
  bodyOf,
  listening,
  newCloser,
  portOf,
  raw,
  service,
  startStand,
  startUpstream,
  until,
} from './stand.ts'

const closer = newCloser()
afterEach(() => closer.closeAll())

const standBefore = async (
  handler: Parameters<typeof startUpstream>[1],
  options: Parameters<typeof startStand>[1] = {},
) => {
  const upstream = await startUpstream(closer, handler)
  const stand = await startStand(closer, options)
  stand.gateway.update([service('web', [portOf(upstream)])])
  return { ...stand, upstream }
}

test('status, reason, headers and repeated headers pass; hop-by-hop ones do not, either way', async () => {
  const heads: string[][] = []
  const { port } = await standBefore((incoming, response) => {
    heads.push(incoming.rawHeaders)
    response.writeHead(418, 'Tea', [
      ['Set-Cookie', 'a=1'],
      ['Set-Cookie', 'b=2'],
      ['X-Own', 'gone'],
      ['Connection', 'X-Own, close'],
      ['Proxy-Authenticate', 'Basic'],
      ['X-Kept', 'é'],
    ] as unknown as string[])
    response.end('pot')
  })
  const answer = await raw(
    port,
    [
      'GET / HTTP/1.1',
      'Host: web.example.test',
      'Connection: close, X-Mine, Host',
      'X-Mine: gone',
      'Keep-Alive: timeout=9',
      'TE: trailers',
      'Proxy-Authorization: Basic eA==',
      'X-Stays: 1',
      'x-stays: 2',
      '',
      '',
    ].join('\r\n'),
  )
  const names = (heads[0] ?? []).filter((_one, at) => at % 2 === 0).map((one) => one.toLowerCase())
  expect(names.filter((name) => name === 'x-stays').length).toBe(2)
  expect(names).toContain('host')
  for (const gone of ['x-mine', 'keep-alive', 'te', 'proxy-authorization']) {
    expect(names).not.toContain(gone)
  }
  expect(answer).toMatch(/^HTTP\/1\.1 418 Tea\r\n/)
  expect(answer.match(/Set-Cookie/g)?.length).toBe(2)
  expect(answer).toContain('X-Kept: é')
  expect(answer).not.toMatch(/x-own|proxy-authenticate/i)
})

test('forwarded headers are of our making, unless the peer is a trusted proxy', async () => {
  const forged = {
    'x-forwarded-for': '6.6.6.6',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.test',
    X_Forwarded_For: '6.6.6.6',
    'x-real-ip': '6.6.6.6',
    forwarded: 'for=6.6.6.6',
  }
  const echo: Parameters<typeof startUpstream>[1] = (incoming, response) =>
    response.end(JSON.stringify(incoming.headers))
  const told = async (port: number) =>
    JSON.parse((await ask(port, { headers: forged })).text) as Record<string, string>
  const untrusting = await told((await standBefore(echo)).port)
  expect(JSON.stringify(untrusting)).not.toMatch(/6\.6\.6\.6|evil/)
  expect(untrusting).toMatchObject({
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': 'web.example.test',
    forwarded: 'for=127.0.0.1;host=web.example.test;proto=http',
  })
  const trusting = await told(
    (await standBefore(echo, { more: { trustedPeer: (address) => address === '127.0.0.1' } })).port,
  )
  expect(trusting).toMatchObject({
    'x-forwarded-for': '6.6.6.6, 127.0.0.1',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.test',
    forwarded: 'for=6.6.6.6, for=127.0.0.1;host=web.example.test;proto=http',
  })
})

test('HEAD, no content, trailers and early hints come through', async () => {
  const { port } = await standBefore((incoming, response) => {
    if (incoming.url === '/trailers') {
      response.writeHead(200, { trailer: 'x-sum' })
      response.write('body')
      response.addTrailers({ 'x-sum': '42' })
      response.end()
    } else if (incoming.url === '/hints') {
      response.writeEarlyHints({ link: '</a.css>; rel=preload' })
      response.end('late')
    } else response.writeHead(incoming.method === 'HEAD' ? 200 : 204, { 'x-a': '1' }).end()
  })
  expect((await ask(port, { method: 'HEAD' })).headers['x-a']).toBe('1')
  expect((await ask(port, { path: '/none' })).status).toBe(204)
  const trailers = await ask(port, { path: '/trailers' })
  expect([trailers.text, trailers.trailers['x-sum']]).toEqual(['body', '42'])
  const hints = await raw(
    port,
    'GET /hints HTTP/1.1\r\nHost: web.example.test\r\nConnection: close\r\n\r\n',
  )
  expect(hints).toMatch(
    /^HTTP\/1\.1 103 Early Hints\r\nLink: <\/a\.css>; rel=preload\r\n\r\nHTTP\/1\.1 200 /,
  )
})

test('an answer streams: each piece arrives before the next is written, the head before them all', async () => {
  const steps: (() => void)[] = []
  const { port } = await standBefore((_incoming, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    steps.push(
      () => response.write('data: 1\n\n'),
      () => response.write('data: 2\n\n'),
      () => response.end(),
    )
  })
  const got: string[] = []
  const sent = request(
    { host: '127.0.0.1', port, headers: { host: 'web.example.test' } },
    (answer) => {
      got.push('head')
      answer.setEncoding('utf8')
      answer.on('data', (text: string) => got.push(text.trim()))
      answer.on('end', () => got.push('end'))
    },
  )
  sent.end()
  for (const expected of ['head', 'data: 1', 'data: 2', 'end']) {
    await until(() => got.at(-1) === expected)
    steps.shift()?.()
  }
  expect(got).toEqual(['head', 'data: 1', 'data: 2', 'end'])
})

test('a body streams up: a piece arrives before the next is sent; a great one arrives whole', async () => {
  let got = 0
  const { port } = await standBefore((incoming, response) => {
    incoming.on('data', (chunk: Buffer) => (got += chunk.length))
    incoming.on('end', () => response.end(`${got}`))
  })
  const sent = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    headers: { host: 'web.example.test' },
  })
  const text = new Promise<string>((resolve, reject) =>
    sent.on('response', (answer) =>
      bodyOf(answer).then((body) => resolve(body.toString()), reject),
    ),
  )
  sent.write('abc')
  await until(() => got === 3)
  sent.write('def')
  await until(() => got === 6)
  sent.end()
  expect(await text).toBe('6')
  got = 0
  const great = await ask(port, { method: 'PUT', body: Buffer.alloc(30_000_000) })
  expect(great.text).toBe('30000000')
})

test('a client that asks whether to send its body is told so only by who reads it', async () => {
  const { port, gateway, upstream } = await standBefore((incoming, response) => {
    void bodyOf(incoming).then((body) => response.end(`got ${body.toString()}`))
  })
  const head =
    'POST / HTTP/1.1\r\nHost: web.example.test\r\nContent-Length: 5\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n'
  gateway.update([service('web', [])])
  const socket = connect(port, '127.0.0.1', () => socket.write(head))
  let got = ''
  socket.setEncoding('latin1').on('data', (text: string) => (got += text))
  await until(() => gateway.held('id-web') === 1)
  expect(got).toBe('')
  gateway.update([service('web', [portOf(upstream)])])
  await until(() => got.startsWith('HTTP/1.1 100 Continue\r\n\r\n'))
  socket.write('hello')
  await until(() => got.includes('got hello'))
  const refused = await raw(port, head.replace('web.', 'none.'))
  expect(refused).toMatch(/^HTTP\/1\.1 401 /)
})

test('a replica that dies in the middle of its answer is not taken for one that is done', async () => {
  for (const framing of ['content-length: 100\r\n', 'transfer-encoding: chunked\r\n']) {
    const dying = await listening(
      closer,
      createServer((socket) => {
        socket.on('error', () => {})
        socket.once('data', () => {
          const text = framing.startsWith('t') ? '5\r\nhello\r\n' : 'hello'
          socket.write(`HTTP/1.1 200 OK\r\n${framing}\r\n${text}`, () =>
            setTimeout(() => socket.destroy(), 50),
          )
        })
      }),
    )
    const { port, gateway, answered } = await startStand(closer)
    gateway.update([service('web', [portOf(dying)])])
    await expect(ask(port)).rejects.toThrow(/aborted|hang up|ECONNRESET/)
    expect(answered.map(({ status }) => status)).toEqual([502])
  }
})

test('a client that leaves ends the request at the replica', async () => {
  let begun = false
  let ended = false
  const { port, gateway, answered } = await standBefore((incoming) => {
    begun = true
    incoming.socket.on('close', () => (ended = true))
  })
  const sent = request({ host: '127.0.0.1', port, headers: { host: 'web.example.test' } })
  sent.on('error', () => {})
  sent.end()
  await until(() => begun)
  expect(gateway.inFlight('id-web')).toBe(1)
  sent.destroy()
  await until(() => ended && gateway.inFlight('id-web') === 0)
  expect(answered.map(({ status }) => status)).toEqual([499])
})

test('a replica that stays silent is given up: 504 before an answer, a cut connection within one', async () => {
  const { port } = await standBefore(
    (incoming, response) => {
      if (incoming.url === '/within') response.write('some')
    },
    { limits: { idleTimeoutMs: 1000 } },
  )
  const [before, within] = await Promise.all([
    ask(port),
    ask(port, { path: '/within' }).then(
      () => 'whole',
      () => 'cut',
    ),
  ])
  expect([before.status, within]).toEqual([504, 'cut'])
})

test('a client that stops sending its body is told so', async () => {
  const { port } = await standBefore((incoming) => incoming.resume(), {
    limits: { idleTimeoutMs: 400 },
  })
  const answer = await raw(
    port,
    'POST / HTTP/1.1\r\nHost: web.example.test\r\nContent-Length: 9\r\n\r\nabc',
  )
  expect(answer).toMatch(/^HTTP\/1\.1 408 /)
})

test('a request may take only so long where that is said', async () => {
  const { port } = await standBefore(() => {}, { limits: { requestTimeoutMs: 100 } })
  const reply = await ask(port)
  expect([reply.status, reply.text.includes('request_timeout')]).toEqual([504, true])
})

test('a body over the limit is refused, by its length or when it gets there', async () => {
  const { port } = await standBefore(
    (incoming, response) =>
      void bodyOf(incoming).then(
        () => response.end('whole'),
        () => {},
      ),
    { limits: { maxBodyBytes: 200_000 } },
  )
  const chunked = { 'transfer-encoding': 'chunked' }
  expect((await ask(port, { method: 'POST', body: Buffer.alloc(200_000) })).status).toBe(200)
  expect((await ask(port, { method: 'POST', body: Buffer.alloc(200_001) })).status).toBe(413)
  const sent = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    headers: { host: 'web.example.test', ...chunked },
  })
  sent.on('error', () => {})
  sent.write(Buffer.alloc(150_000))
  sent.write(Buffer.alloc(150_000))
  const status = await new Promise((resolve) =>
    sent.on('response', (answer) => resolve(answer.statusCode)),
  )
  sent.destroy()
  expect(status).toBe(413)
})

test('a client that does not read slows its replica down, and nobody else', async () => {
  let written = 0
  const piece = Buffer.alloc(64 * 1024)
  const { port } = await standBefore((incoming, response) => {
    if (incoming.url === '/quick') {
      response.end('quick')
      return
    }
    const more = (): void => {
      while (written < 200_000_000 && !response.destroyed) {
        written += piece.length
        if (!response.write(piece)) {
          response.once('drain', more)
          return
        }
      }
    }
    more()
  })
  const slow = connect(port, '127.0.0.1', () => {
    slow.pause()
    slow.write('GET /slow HTTP/1.1\r\nHost: web.example.test\r\n\r\n')
  })
  await until(() => written > 0)
  for (let turn = 0; turn < 50; turn++) {
    expect((await ask(port, { path: '/quick' })).text).toBe('quick')
  }
  expect(written).toBeLessThan(50_000_000)
  slow.destroy()
})

import { createServer } from 'node:http'
import { connect } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import {
  ask,
  listening,
  newCloser,
  portOf,
  service,
  startStand,
  startUpstream,
  until,
} from './stand.ts'

const closer = newCloser()
afterEach(() => closer.closeAll())

const echoServer = async () => {
  const server = await listening(
    closer,
    createServer((_request, response) => response.end('plain')),
  )
  const sockets = new WebSocketServer({ server, handleProtocols: () => 'chat' })
  sockets.on('connection', (socket, request) => {
    socket.send(`hello ${request.url} ${request.headers.authorization ?? 'nobody'}`)
    socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }))
  })
  closer.after(() => sockets.clients.forEach((client) => client.terminate()))
  return portOf(server)
}

const dial = (port: number, headers: Record<string, string> = {}) => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/talk?x`, ['chat'], {
    headers: { host: 'web.example.test', ...headers },
  })
  const got: string[] = []
  socket.on('message', (data) => got.push(Buffer.from(data as Buffer).toString()))
  socket.on('error', (error) => got.push(error.message))
  socket.on('close', () => got.push('closed'))
  closer.after(() => socket.terminate())
  return { socket, got }
}

test('a WebSocket joins client and replica, and is in flight until it closes', async () => {
  const replica = await echoServer()
  const { gateway, port, answered } = await startStand(closer)
  gateway.update([service('web', [replica], { auth: true })])
  const { socket, got } = dial(port, { authorization: 'Bearer good' })
  await until(() => got.length === 1)
  expect([got[0], socket.protocol]).toEqual(['hello /talk?x nobody', 'chat'])
  const great = 'x'.repeat(3_000_000)
  socket.send('one')
  socket.send(great)
  await until(() => got.length === 3)
  expect([got[1], got[2] === great]).toEqual(['one', true])
  expect([gateway.inFlight('id-web'), gateway.drain(`at-${replica}`)]).toEqual([1, 1])
  socket.close()
  await until(() => gateway.inFlight('id-web') === 0)
  expect(answered.map(({ status }) => status)).toEqual([101])
})

test('without a token there is none; a service scaled to zero lets it wait', async () => {
  const replica = await echoServer()
  const { gateway, port } = await startStand(closer)
  gateway.update([service('web', [], { auth: true })])
  const refused = dial(port)
  await until(() => refused.got.length > 0)
  expect(refused.got[0]).toContain('401')
  const waiting = dial(port, { authorization: 'Bearer good' })
  await until(() => gateway.held('id-web') === 1)
  gateway.update([service('web', [replica], { auth: true })])
  await until(() => waiting.got.length > 0)
  expect(waiting.got[0]).toBe('hello /talk?x nobody')
})

test('a replica that does not agree answers for itself', async () => {
  const upstream = await startUpstream(closer, (_request, response) =>
    response.writeHead(403).end('no'),
  )
  const { gateway, port } = await startStand(closer)
  gateway.update([service('web', [portOf(upstream)])])
  const { got } = dial(port)
  await until(() => got.length > 0)
  expect(got[0]).toContain('403')
  await until(() => gateway.inFlight('id-web') === 0)
})

test('one that is silent on both sides is ended', async () => {
  const replica = await echoServer()
  const { gateway, port } = await startStand(closer, { limits: { idleTimeoutMs: 1000 } })
  gateway.update([service('web', [replica])])
  const { got } = dial(port)
  await until(() => got.at(-1) === 'closed')
  expect(got).toEqual(['hello /talk?x nobody', 'closed'])
  await until(() => gateway.inFlight('id-web') === 0)
})

test('a gateway that closes ends it for the client', async () => {
  const replica = await echoServer()
  const { gateway, port } = await startStand(closer)
  gateway.update([service('web', [replica])])
  const { got } = dial(port)
  await until(() => got.length === 1)
  expect(gateway.inFlight('id-web')).toBe(1)
  await gateway.close(0)
  await until(() => got.at(-1) === 'closed')
})

test('an upgrade to anything else is answered plainly', async () => {
  const replica = await echoServer()
  const { gateway, port } = await startStand(closer)
  gateway.update([service('web', [replica])])
  const reply = await ask(port, {
    headers: {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABk',
    },
  })
  expect([reply.status, reply.text]).toEqual([200, 'plain'])
})

test('a client that leaves in the middle of the handshake leaves nothing behind', async () => {
  const silent = await startUpstream(closer, () => {})
  silent.on('upgrade', () => {})
  const { gateway, port, answered } = await startStand(closer)
  gateway.update([service('web', [portOf(silent)])])
  const socket = connect(port, '127.0.0.1', () =>
    socket.write(
      'GET / HTTP/1.1\r\nHost: web.example.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    ),
  )
  await until(() => gateway.inFlight('id-web') === 1)
  expect(answered).toEqual([])
  socket.destroy()
  await until(() => answered.length === 1)
  expect(answered[0]?.status).toBe(499)
})

import { once } from 'node:events'
import { createServer as createHttp } from 'node:http'
import { connect, createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { answersHttp } from '#server/probe'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const listening = async (server: Server): Promise<() => Promise<ReturnType<typeof connect>>> => {
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return () => Promise.resolve(connect({ host: '127.0.0.1', port }))
}

const patience = { timeoutMs: 5000 }

test('any HTTP answer will do, an error too', async () => {
  const open = await listening(createHttp((_, response) => response.writeHead(500).end()))
  expect(await answersHttp(open, patience)).toBe(true)
})

test('a port that accepts and hangs up answers nothing', async () => {
  const open = await listening(createServer((socket) => socket.destroy()))
  expect(await answersHttp(open, patience)).toBe(false)
})

test('nor does one that is silent, or speaks otherwise', async () => {
  const silent = await listening(createServer((socket) => socket.on('error', () => undefined)))
  expect(await answersHttp(silent, { timeoutMs: 50 })).toBe(false)
  const other = await listening(createServer((socket) => socket.end('SSH-2.0-here\r\n')))
  expect(await answersHttp(other, patience)).toBe(false)
})

test('nor one that nobody listens on, or to which there is no way', async () => {
  const open = await listening(createServer())
  const [server] = servers
  server?.close()
  expect(await answersHttp(open, patience)).toBe(false)
  expect(await answersHttp(() => Promise.reject(new Error('no way')), patience)).toBe(false)
})

import { createServer } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { freePort } from '#platform/listening'
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

/** Takes a connection, and breaks it at the first byte. */
const breaking = async (seen: string[]) =>
  listening(
    closer,
    createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', (data) => {
        seen.push(String(data).split('\r\n')[0] ?? '')
        socket.resetAndDestroy()
      })
    }),
  )

test('the replica with the fewest outstanding requests is next', async () => {
  const open = new Map<number, (() => void)[]>()
  const upstreams = await Promise.all(
    [0, 1, 2].map((index) =>
      startUpstream(closer, (_incoming, response) => {
        open.set(index, [...(open.get(index) ?? []), () => response.end()])
      }),
    ),
  )
  const { gateway, port } = await startStand(closer)
  gateway.update([service('web', upstreams.map(portOf))])
  const asked = Array.from({ length: 9 }, () => ask(port))
  const all = (): (() => void)[] => [...open.values()].flat()
  await until(() => all().length === 9)
  expect([...open.values()].map((list) => list.length)).toEqual([3, 3, 3])
  for (const end of all()) end()
  await Promise.all(asked)
})

test('a refused connection moves on, whatever the method, and nothing is lost', async () => {
  const upstream = await startUpstream(closer, (incoming, response) => {
    let text = ''
    incoming.on('data', (chunk) => (text += String(chunk))).on('end', () => response.end(text))
  })
  const { gateway, port, health } = await startStand(closer)
  const dead = await freePort(0)
  gateway.update([service('web', [dead, portOf(upstream)])])
  const body = 'b'.repeat(200_000)
  for (let turn = 0; turn < 10; turn++) {
    expect(
      (await ask(port, { method: 'POST', body: turn % 2 === 0 ? 'small' : body })).status,
    ).toBe(200)
  }
  expect(health).toEqual([`ejected at-${dead}`])
})

test('a broken connection is tried elsewhere only where doing it twice does no harm', async () => {
  const seen: string[] = []
  const bad = await breaking(seen)
  const good = await startUpstream(closer, (incoming, response) => {
    seen.push(`good ${incoming.method}`)
    incoming.resume()
    response.end('ok')
  })
  const statuses = async (method: string, body?: string): Promise<number> => {
    const { gateway, port } = await startStand(closer, { limits: { failuresToEject: 1000 } })
    gateway.update([service('web', [portOf(bad), portOf(good)])])
    let worst = 0
    for (let turn = 0; turn < 4; turn++) {
      worst = Math.max(
        worst,
        (await ask(port, { method, ...(body === undefined ? {} : { body }) })).status,
      )
    }
    return worst
  }
  expect(await statuses('GET')).toBe(200)
  expect(await statuses('PUT', 'small')).toBe(200)
  expect(await statuses('POST', 'small')).toBe(502)
  expect(seen.filter((one) => one.startsWith('POST')).length).toBeGreaterThan(0)
})

test('at most two further replicas see a request that broke off', async () => {
  const seen: string[] = []
  const bad = await Promise.all(Array.from({ length: 5 }, () => breaking(seen)))
  const { gateway, port } = await startStand(closer)
  gateway.update([service('web', bad.map(portOf))])
  expect((await ask(port)).status).toBe(502)
  expect(seen.length).toBe(3)
})

test('a request that finds its only replica gone waits until it is back', async () => {
  const port = await freePort(0)
  const stand = await startStand(closer, { limits: { probeMs: 20 } })
  stand.gateway.update([service('web', [port])])
  const waiting = [ask(stand.port, { method: 'POST', body: 'x' }), ask(stand.port)]
  await until(() => stand.gateway.held('id-web') === 2)
  expect(stand.health).toEqual([`ejected at-${port}`])
  const { createServer: createHttp } = await import('node:http')
  const back = createHttp((_incoming, response) => response.end('back'))
  await new Promise<void>((resolve) => back.listen(port, '127.0.0.1', resolve))
  closer.after(() => {
    back.closeAllConnections()
    back.close()
  })
  expect((await Promise.all(waiting)).map(({ text }) => text)).toEqual(['back', 'back'])
  expect(stand.health).toEqual([`ejected at-${port}`, `returned at-${port}`])
})

test('a request that finds its only replica gone goes to the one that takes its place', async () => {
  const stand = await startStand(closer)
  stand.gateway.update([service('web', [await freePort(0)])])
  const waiting = ask(stand.port, { method: 'POST', body: 'x' })
  await until(() => stand.gateway.held('id-web') === 1)
  const next = await startUpstream(closer, (_incoming, response) => response.end('next'))
  stand.gateway.update([service('web', [portOf(next)])])
  expect((await waiting).text).toBe('next')
})

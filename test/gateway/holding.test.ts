import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import {
  ask,
  newCloser,
  portOf,
  replicaAt,
  service,
  startStand,
  startUpstream,
  until,
} from './stand.ts'

const closer = newCloser()
afterEach(() => closer.closeAll())

test('requests wait for a replica, in their order, and count once', async () => {
  const order: string[] = []
  const upstream = await startUpstream(closer, (incoming, response) => {
    order.push(incoming.url ?? '')
    response.end('ok')
  })
  const { gateway, port, counted, answered } = await startStand(closer)
  gateway.update([service('web', [])])
  const waiting = []
  for (const path of ['/1', '/2', '/3']) {
    waiting.push(ask(port, { path, method: 'POST', body: 'x' }))
    await until(() => gateway.held('id-web') === waiting.length)
  }
  expect([counted.length, gateway.inFlight('id-web'), answered.length]).toEqual([3, 0, 0])
  gateway.update([service('web', [portOf(upstream)])])
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual([200, 200, 200])
  expect(order).toEqual(['/1', '/2', '/3'])
  expect([counted.length, gateway.held('id-web')]).toEqual([3, 0])
})

test('a full queue and a wait too long answer 503 with Retry-After', async () => {
  const { gateway, port } = await startStand(closer, { limits: { maxHeld: 1, holdMs: 200 } })
  gateway.update([service('web', [])])
  const first = ask(port)
  await until(() => gateway.held('id-web') === 1)
  const second = await ask(port)
  expect([second.status, second.text.includes('queue_full')]).toEqual([503, true])
  expect(Number(second.headers['retry-after'])).toBeGreaterThan(0)
  const late = await first
  expect([late.status, late.text.includes('not_ready')]).toEqual([503, true])
  expect(Number(late.headers['retry-after'])).toBeGreaterThan(0)
})

test('who leaves while waiting waits no longer; who has no token never does', async () => {
  const { gateway, port, answered, counted } = await startStand(closer)
  gateway.update([service('web', [], { auth: true })])
  expect((await ask(port)).status).toBe(401)
  expect(counted).toEqual([])
  const headers = { host: 'web.example.test', authorization: 'Bearer good' }
  const sent = request({ host: '127.0.0.1', port, headers })
  sent.on('error', () => {})
  sent.end()
  await until(() => gateway.held('id-web') === 1)
  sent.destroy()
  await until(() => gateway.held('id-web') === 0)
  expect(answered.map(({ status }) => status)).toEqual([499])
})

test('who waits for a service that ends is answered', async () => {
  const { gateway, port } = await startStand(closer)
  gateway.update([service('web', [])])
  const waiting = ask(port)
  await until(() => gateway.held('id-web') === 1)
  gateway.update([])
  expect((await waiting).status).toBe(503)
})

test('a replica that drains, or leaves, ends what it has and gets nothing new', async () => {
  const held: (() => void)[] = []
  const slow = await startUpstream(closer, (_incoming, response) =>
    held.push(() => response.end('old')),
  )
  const fresh = await startUpstream(closer, (_incoming, response) => response.end('new'))
  const { gateway, port } = await startStand(closer)
  gateway.update([service('web', [portOf(slow)])])
  const first = ask(port)
  await until(() => held.length === 1)
  const id = `at-${portOf(slow)}`
  expect(gateway.drain(id)).toBe(1)
  gateway.update([service('web', [portOf(slow), portOf(fresh)])])
  for (let turn = 0; turn < 4; turn++) expect((await ask(port)).text).toBe('new')
  gateway.update([service('web', [portOf(fresh)])])
  expect([gateway.drain(id), gateway.inFlight('id-web')]).toEqual([1, 1])
  held[0]?.()
  expect((await first).text).toBe('old')
  await until(() => gateway.drain(id) === 0)
})

test('closing lets what is in flight end, and sends away who waits', async () => {
  let finish = (): void => {}
  const upstream = await startUpstream(closer, (_incoming, response) => {
    finish = () => response.end('whole')
  })
  const { gateway, port } = await startStand(closer)
  gateway.update([service('web', [portOf(upstream)]), service('none', [])])
  const running = ask(port)
  const waiting = ask(port, { host: 'none.example.test' })
  await until(() => gateway.inFlight('id-web') === 1 && gateway.held('id-none') === 1)
  let closed = false
  const closing = gateway.close(5000).then(() => (closed = true))
  expect((await waiting).status).toBe(503)
  await sleep(60)
  expect(closed).toBe(false)
  finish()
  expect((await running).text).toBe('whole')
  await closing
})

test('closing without grace cuts what is in flight', async () => {
  const upstream = await startUpstream(closer, (_incoming, response) => response.write('some'))
  const { gateway, port } = await startStand(closer)
  gateway.update([service('web', [], { replicas: [replicaAt(portOf(upstream))] })])
  const running = ask(port)
  await until(() => gateway.inFlight('id-web') === 1)
  await sleep(50)
  const [outcome] = await Promise.allSettled([running, gateway.close(0)])
  expect(outcome.status).toBe('rejected')
})

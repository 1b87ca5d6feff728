import { text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import type { UpstreamRequest } from '#gateway/gateway'
import { bodyOf, newCloser, portOf, service, startStand, startUpstream, until } from './stand.ts'

const closer = newCloser()
afterEach(() => closer.closeAll())

const never = () => new AbortController().signal
const post = (body: string): UpstreamRequest => ({
  method: 'POST',
  path: '/v1/chat/completions',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(body),
})

test('a request of our own waits, counts, and its answer streams', async () => {
  const upstream = await startUpstream(closer, (incoming, response) => {
    void bodyOf(incoming).then((body) => {
      response.writeHead(201, { 'x-a': ['1', '2'] })
      response.write(`${incoming.method} ${incoming.url} `)
      response.end(body)
    })
  })
  const { gateway, counted } = await startStand(closer)
  const empty = service('web', [])
  gateway.update([empty])
  const sent = gateway.send(empty, post('{}'), never())
  await until(() => gateway.held('id-web') === 1)
  gateway.update([service('web', [portOf(upstream)])])
  const answer = await sent
  expect([answer.status, answer.headers['x-a'], counted]).toEqual([201, ['1', '2'], ['id-web']])
  expect(await text(answer.body)).toBe('POST /v1/chat/completions {}')
  expect(gateway.inFlight('id-web')).toBe(0)
})

test('a signal ends it while it waits, and while its answer streams', async () => {
  let left = false
  const upstream = await startUpstream(closer, (incoming, response) => {
    incoming.socket.on('close', () => (left = true))
    response.write('begun')
  })
  const { gateway } = await startStand(closer)
  gateway.update([service('web', [])])
  const early = new AbortController()
  const waiting = gateway.send(service('web', []), post('{}'), early.signal)
  await until(() => gateway.held('id-web') === 1)
  early.abort(new Error('changed my mind'))
  await expect(waiting).rejects.toThrow('changed my mind')
  expect(gateway.held('id-web')).toBe(0)
  const full = service('web', [portOf(upstream)])
  gateway.update([full])
  const late = new AbortController()
  const answer = await gateway.send(full, post('{}'), late.signal)
  late.abort(new Error('seen enough'))
  await expect(text(answer.body)).rejects.toThrow('seen enough')
  await until(() => left && gateway.inFlight('id-web') === 0)
})

test('destroying the body ends the request', async () => {
  let left = false
  const upstream = await startUpstream(closer, (incoming, response) => {
    incoming.socket.on('close', () => (left = true))
    response.write('begun')
  })
  const { gateway } = await startStand(closer)
  const full = service('web', [portOf(upstream)])
  gateway.update([full])
  const answer = await gateway.send(full, post('{}'), never())
  expect(gateway.inFlight('id-web')).toBe(1)
  answer.body.destroy()
  await until(() => left && gateway.inFlight('id-web') === 0)
})

test('a replica that breaks off breaks the body, or the call where nothing came', async () => {
  const upstream = await startUpstream(closer, (incoming, response) => {
    if (incoming.url === '/now') incoming.socket.destroy()
    else response.write('begun', () => setTimeout(() => incoming.socket.destroy(), 20))
  })
  const { gateway } = await startStand(closer)
  const full = service('web', [portOf(upstream)])
  gateway.update([full])
  await expect(gateway.send(full, { ...post('{}'), path: '/now' }, never())).rejects.toMatchObject({
    status: 502,
    reason: 'replica_failed',
  })
  const answer = await gateway.send(full, post('{}'), never())
  await expect(text(answer.body)).rejects.toThrow(/closed|reset|terminated/)
})

test('a service that is not there, and a full queue, are refusals', async () => {
  const { gateway } = await startStand(closer, { limits: { maxHeld: 0 } })
  const none = service('web', [])
  await expect(gateway.send(none, post('{}'), never())).rejects.toMatchObject({ status: 404 })
  gateway.update([none])
  await expect(gateway.send(none, post('{}'), never())).rejects.toMatchObject({
    status: 503,
    retryAfterSeconds: 10,
  })
})

test('a body that nobody reads slows the replica down', async () => {
  let written = 0
  const upstream = await startUpstream(closer, (_incoming, response) => {
    const more = (): void => {
      while (written < 100_000_000) {
        written += 65536
        if (!response.write(Buffer.alloc(65536))) {
          response.once('drain', more)
          return
        }
      }
      response.end()
    }
    more()
  })
  const { gateway } = await startStand(closer)
  const full = service('web', [portOf(upstream)])
  gateway.update([full])
  const answer = await gateway.send(full, { ...post('{}'), method: 'GET', body: null }, never())
  await until(() => written > 0)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(written).toBeLessThan(50_000_000)
  let got = 0
  for await (const chunk of answer.body) got += (chunk as Buffer).length
  expect(got).toBe(written)
})

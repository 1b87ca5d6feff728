import { afterEach, expect, test } from 'vitest'
import { newRateLimit } from '#gateway/rate-limit'
import { ask, newCloser, portOf, service, startStand, startUpstream } from './stand.ts'

const closer = newCloser()
afterEach(() => closer.closeAll())

test('a burst at once, then so many a second; keys are apart', () => {
  const limit = newRateLimit({ perSecond: 2, burst: 3 })
  const take = (key: string, nowMs: number) => limit.take(key, nowMs)
  expect([0, 0, 0, 0].map((nowMs) => take('a', nowMs))).toEqual([0, 0, 0, 1])
  expect(take('b', 0)).toBe(0)
  expect([take('a', 499), take('a', 500), take('a', 501)]).toEqual([1, 0, 1])
  expect([take('a', 60_000), take('a', 60_000), take('a', 60_000), take('a', 60_000)]).toEqual([
    0, 0, 0, 1,
  ])
})

test('a clock that goes back gives nothing away', () => {
  const limit = newRateLimit({ perSecond: 1, burst: 1 })
  expect([limit.take('a', 10_000), limit.take('a', 0), limit.take('a', 500)]).toEqual([0, 1, 1])
})

test('a flood of keys is forgotten in time', () => {
  const limit = newRateLimit({ perSecond: 1, burst: 1 })
  for (let key = 0; key < 50_000; key++) expect(limit.take(`k${key}`, key)).toBe(0)
})

test('each token and each client address has its own, and is told when to come again', async () => {
  const upstream = await startUpstream(closer, (_incoming, response) => response.end('ok'))
  const { gateway, port, counted } = await startStand(closer, {
    limits: { perToken: { perSecond: 0.001, burst: 2 } },
  })
  gateway.update([service('web', [portOf(upstream)], { auth: true })])
  const headers = { authorization: 'Bearer good' }
  const statuses = []
  for (let turn = 0; turn < 3; turn++) statuses.push(await ask(port, { headers }))
  expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429])
  expect(Number(statuses[2]?.headers['retry-after'])).toBeGreaterThan(0)
  expect(JSON.parse(statuses[2]?.text ?? '')).toMatchObject({ error: { type: 'rate_limit_error' } })
  expect((await ask(port, { headers: { authorization: 'Bearer narrow' } })).status).toBe(404)
  expect(counted.length).toBe(2)
})

test('behind a trusted proxy clients are told apart by what it says, elsewhere by their connection', async () => {
  const upstream = await startUpstream(closer, (_incoming, response) => response.end('ok'))
  const statuses = async (trusted: boolean) => {
    const { gateway, port } = await startStand(closer, {
      limits: { perClient: { perSecond: 0.001, burst: 1 } },
      more: { trustedPeer: (address) => trusted && address === '127.0.0.1' },
    })
    gateway.update([service('web', [portOf(upstream)])])
    const from = async (address: string) =>
      (await ask(port, { headers: { 'x-forwarded-for': address } })).status
    return [await from('9.9.9.9, 1.1.1.1'), await from('8.8.8.8, 1.1.1.1'), await from('2.2.2.2')]
  }
  expect(await statuses(true)).toEqual([200, 429, 200])
  expect(await statuses(false)).toEqual([200, 429, 429])
})

/** A replica dies under load: what is lost, and how the service gets whole again. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startLoad } from './load.ts'
import { ask, plainService } from './plain-service.ts'
import { newStand, type Stand, until } from './stand.ts'

let stand: Stand
beforeEach(() => {
  stand = newStand()
})
afterEach(() => stand.end())

test('a killed replica takes only what it was answering with it, and comes back', async () => {
  const server = await stand.server()
  const token = server.token ?? ''
  const more = 'replicas: 2\nretry_policy:\n  retry: true\n'
  await stand.run('pair', plainService(more), '-b', 'local')
  const get = () => ask(server, { run: 'pair', token, thinksMs: 20 })
  const post = () => ask(server, { run: 'pair', token, method: 'POST', thinksMs: 20 })
  const seen = async (): Promise<ReadonlySet<number>> =>
    new Set(await Promise.all(Array.from({ length: 8 }, get)))
  const pair = await until(seen, ({ size }) => size === 2, 30_000)
  const [victim = 0] = pair

  const gets = startLoad({ clients: 4, everyMs: 5 }, get)
  const posts = startLoad({ clients: 4, everyMs: 5 }, post)
  await until(
    () => posts.answers.length,
    (count) => count > 100,
    20_000,
  )
  const killedMs = performance.now()
  process.kill(victim, 'SIGKILL')
  const answered = gets.answers.length
  const healed = await until(
    () => new Set(gets.answers.slice(answered)),
    (pids) => [...pids].filter((pid) => pid !== victim).length === 2,
    60_000,
  )
  const healedMs = performance.now() - killedMs
  await Promise.all([gets.stop(), posts.stop()])

  expect([...pair].filter((pid) => healed.has(pid) && pid !== victim)).toHaveLength(1)
  expect(gets.failures).toEqual([])
  // One client has one request in flight.
  expect(posts.failures.length).toBeLessThanOrEqual(4)
  // A signal is delivered in its own time: until its sockets close, the dead replica takes requests.
  const goneMs = killedMs + 500
  for (const { beganMs } of posts.failures) expect(beganMs).toBeLessThanOrEqual(goneMs)
  const total = gets.answers.length + posts.answers.length
  console.info(
    `a replica was killed: ${posts.failures.length} of ${total} requests lost, whole again in ${(healedMs / 1000).toFixed(1)} s`,
  )
}, 120_000)

/** A replica dies under load: what is lost, and how the service gets whole again. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startLoad } from './load.ts'
import { newModelClient } from './model-client.ts'
import { openPlaces, type Places, places } from './places.ts'
import { type ServerUnderTest, until } from './stand.ts'

describe.skipIf(places.length === 0)('healing', () => {
  let all: Places
  let server: ServerUnderTest
  beforeAll(async () => {
    all = await openPlaces()
    server = await all.stand.server()
  }, 120_000)
  afterAll(() => all?.end(), 60_000)

  test.concurrent.each(places)(
    'a replica killed on %s takes only what it was answering with it, and comes back',
    async (place) => {
      const run = `pair-${place}`
      await all.serve(place, run, 'replicas: 2\nretry_policy:\n  retry: true\n')
      const { complete, stream, listed } = newModelClient(server, {
        run,
        token: server.token ?? '',
      })
      const seen = async (): Promise<ReadonlySet<string>> =>
        new Set(
          (await Promise.all(Array.from({ length: 8 }, listed))).map(({ replica }) => replica),
        )
      const pair = await until(seen, ({ size }) => size === 2, 60_000)
      const [victim = ''] = pair

      const gets = startLoad({ clients: 4, everyMs: 5 }, listed)
      const posts = [
        startLoad({ clients: 3, everyMs: 5 }, complete),
        startLoad({ clients: 2, everyMs: 5 }, () => stream({ tokens: 16, paceMs: 50 })),
      ]
      await until(
        () => Math.min(...[gets, ...posts].map(({ answers }) => answers.length)),
        (count) => count > 3,
        30_000,
      )
      await all.kill(place, victim)
      const killedMs = performance.now()
      const answered = gets.answers.length
      const healed = await until(
        () => new Set(gets.answers.slice(answered).map(({ replica }) => replica)),
        (replicas) => [...replicas].filter((replica) => replica !== victim).length === 2,
        60_000,
      )
      const healedMs = performance.now() - killedMs
      await Promise.all([gets, ...posts].map((load) => load.stop()))

      // The other one of the pair is still there.
      expect([...pair].filter((one) => healed.has(one) && one !== victim)).toHaveLength(1)
      expect(gets.failures).toEqual([])
      // One client has one request in flight.
      const lost = posts.flatMap(({ failures }) => failures)
      expect(lost.length).toBeLessThanOrEqual(5)
      // A signal is delivered in its own time: until its sockets close, the dead replica takes requests.
      const goneMs = killedMs + 500
      for (const { beganMs } of lost) expect(beganMs).toBeLessThanOrEqual(goneMs)
      const total = [gets, ...posts].reduce((sum, { answers }) => sum + answers.length, 0)
      console.info(
        `${place}: a replica was killed: ${lost.length} of ${total} requests lost, none of ${gets.answers.length} GETs; whole again in ${(healedMs / 1000).toFixed(1)} s`,
      )
    },
    180_000,
  )
})

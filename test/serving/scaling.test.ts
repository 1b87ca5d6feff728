/** Real models from zero to three replicas and back, with requests on the way all the time. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startLoad } from './load.ts'
import { type Answered, newModelClient } from './model-client.ts'
import { openPlaces, type Places, places } from './places.ts'
import { metricOf } from './server-metrics.ts'
import { type ServerUnderTest, until } from './stand.ts'

/** Thirty requests in a minute for each replica. */
const scaling = `replicas: 0..3
scaling:
  metric: rps
  target: 0.5
  scale_up_delay: 1
  scale_down_delay: 1
`

describe.skipIf(places.length === 0)('scaling', () => {
  let all: Places
  let server: ServerUnderTest
  beforeAll(async () => {
    all = await openPlaces()
    server = await all.stand.server()
  }, 120_000)
  afterAll(() => all?.end(), 60_000)

  const runningOf = (run: string): Promise<number> =>
    metricOf(server, {
      token: server.token ?? '',
      name: 'replicas',
      label: `run="${run}",status="running"`,
    })
  const replicasIn = (answers: readonly Answered[]): ReadonlySet<string> =>
    new Set(answers.map(({ replica }) => replica))

  // Side by side: what they wait for is the minute that requests are counted in.
  test.concurrent.each(places)(
    '0, 1, 3, 1 and 0 replicas on %s, and no request fails',
    async (place) => {
      const run = `llm-${place}`
      await all.serve(place, run, scaling)
      const running = () => runningOf(run)
      expect(await running()).toBe(0)
      expect(await all.machines(place)).toEqual([])
      const { models, complete, stream, listed } = newModelClient(server, {
        run,
        token: server.token ?? '',
      })
      const shortStream = () => stream({ tokens: 16, paceMs: 20 })

      const beganMs = performance.now()
      const held = await Promise.all([complete(), shortStream(), listed()])
      const coldMs = performance.now() - beganMs
      expect(replicasIn(held).size).toBe(1)
      expect(await models()).toContain(run)
      expect(await running()).toBe(1)
      expect(await all.machines(place)).toHaveLength(1)

      const burst = [
        startLoad({ clients: 3, everyMs: 100 }, complete),
        startLoad({ clients: 2, everyMs: 50 }, shortStream),
      ]
      await until(
        () => [...replicasIn(burst.flatMap(({ answers }) => answers))].length,
        (count) => count === 3,
        60_000,
      )
      expect(await running()).toBe(3)
      await Promise.all(burst.map((load) => load.stop()))
      const upMs = performance.now() - beganMs

      // Too few to need more than one replica; the streams are on each when two of them have to go.
      const streams = startLoad({ clients: 3, everyMs: 0 }, () =>
        stream({ tokens: 24, paceMs: 600 }),
      )
      const trickle = startLoad({ clients: 1, everyMs: 5000 }, complete)
      await until(running, (count) => count === 1, 120_000)
      const downMs = performance.now()
      await Promise.all([streams.stop(), trickle.stop()])
      // What had begun on those that go has ended on them.
      const late = streams.answers.filter(({ endedMs }) => endedMs > downMs)
      expect(replicasIn(late).size).toBeGreaterThan(1)
      await until(running, (count) => count === 0, 90_000)
      await until(
        async () => (await all.machines(place)).join(),
        (names) => names === '',
        15_000,
      )

      const loads = [...burst, streams, trickle]
      expect(loads.flatMap(({ failures }) => failures)).toEqual([])
      const total = loads.reduce((sum, { answers }) => sum + answers.length, 0) + held.length
      const steps = [coldMs, upMs, downMs - beganMs, performance.now() - beganMs]
      const seconds = steps.map((ms) => (ms / 1000).toFixed(1)).join(', ')
      console.info(
        `${place}: ${total} requests, none failed; 1, 3, 1 and 0 replicas after ${seconds} s`,
      )
    },
    300_000,
  )
})

/** The server dies under load and is started again: nobody it looked after has to notice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leaseMs } from '#runs/lease'
import { type Load, startLoad } from './load.ts'
import { type Answered, newModelClient } from './model-client.ts'
import { openPlaces, type Places, places } from './places.ts'
import { metricOf } from './server-metrics.ts'
import { pause, until } from './stand.ts'

const runOn = (place: string): string => `pair-${place}`

describe.skipIf(places.length === 0)('restarting', () => {
  let all: Places
  beforeAll(async () => {
    all = await openPlaces()
  }, 120_000)
  afterAll(() => all?.end(), 60_000)

  test('killed under load, it is back with the same runs on the same processes and containers', async () => {
    const { stand } = all
    const first = await stand.server()
    const token = first.token ?? ''
    for (const place of places) await all.serve(place, runOn(place), 'replicas: 2\n')
    const clients = places.map((place) => newModelClient(first, { run: runOn(place), token }))

    const replicas = async (): Promise<string> => {
      const asked = clients.flatMap(({ listed }) => Array.from({ length: 8 }, listed))
      const answers = await Promise.all(asked)
      return [...new Set(answers.map(({ replica }) => replica))].toSorted().join()
    }
    const isWhole = (seen: string): boolean => seen.split(',').length === 2 * places.length
    const machines = async (): Promise<readonly (readonly string[])[]> =>
      Promise.all(places.map((place) => all.machines(place)))
    const replicasAtFirst = await until(replicas, isWhole, 60_000)
    const machinesAtFirst = await machines()
    expect(machinesAtFirst.flat()).toHaveLength(2 * places.length)
    const attempts = () => metricOf(first, { token, name: 'attempts' })
    expect(await attempts()).toBe(2 * places.length)

    const loads: readonly Load<Answered>[] = clients.flatMap(({ listed, complete, stream }) => [
      startLoad({ clients: 2, everyMs: 5 }, listed),
      startLoad({ clients: 2, everyMs: 5 }, complete),
      startLoad({ clients: 1, everyMs: 5 }, () => stream({ tokens: 16, paceMs: 50 })),
    ])
    /** Of each of the loads, since those that are counted here. */
    const leastSince = (counts: readonly number[]) => (): number =>
      Math.min(...loads.map(({ answers }, at) => answers.length - (counts[at] ?? 0)))
    await until(leastSince([]), (count) => count > 2, 30_000)

    first.signal('SIGKILL')
    await first.ended
    const killedMs = performance.now()
    const answered = loads.map(({ answers }) => answers.length)
    const answersAgain = (): boolean =>
      loads.some(({ answers }, at) => answers.length > (answered[at] ?? 0))
    const second = await stand.server('--port', String(first.port))
    await until(answersAgain, Boolean, 15_000)
    const backMs = performance.now() - killedMs
    expect(second.token).toBeNull()
    await until(leastSince(answered), (count) => count > 2, 30_000)
    // Until it looks after the runs for sure: where the death of the first one is not seen, its lease
    // has to run out.
    const waits = second.text().includes('another process looks after the runs')
    await pause(waits ? leaseMs + 3000 : 6000)
    await Promise.all(loads.map((load) => load.stop()))
    // Nobody listened while it was away; since it is back, none has failed.
    const failures = loads.flatMap((load) => load.failures)
    expect(failures.filter(({ beganMs }) => beganMs > killedMs + backMs)).toEqual([])

    const running = (await stand.command('ps')).match(/replica \d .*running/g)
    expect(running).toHaveLength(2 * places.length)
    expect(await replicas()).toBe(replicasAtFirst)
    expect(await machines()).toEqual(machinesAtFirst)
    expect(await attempts()).toBe(2 * places.length)
    expect(backMs).toBeLessThan(10_000)
    console.info(
      `the server was killed: its gateway answers again after ${Math.round(backMs)} ms; the next process was listening after ${Math.round(second.tookMs)} ms`,
    )

    const stopped = await stand.command('stop', ...places.map(runOn))
    for (const place of places) expect(stopped).toMatch(new RegExp(`${runOn(place)} {2}terminated`))
    expect((await machines()).flat()).toEqual([])
    for (const { listed } of clients) expect(await listed().catch(String)).toMatch(/404/)
  }, 180_000)
})

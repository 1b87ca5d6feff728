/** The server dies under load and is started again: nobody it looked after has to notice. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { leaseMs } from '#runs/lease'
import { startLoad } from './load.ts'
import { ask, plainService } from './plain-service.ts'
import { newStand, pause, type Stand, until } from './stand.ts'

let stand: Stand
beforeEach(() => {
  stand = newStand()
})
afterEach(() => stand.end())

test('killed under load, it is back with the same runs on the same processes', async () => {
  const first = await stand.server()
  const token = first.token ?? ''
  await stand.run('left', plainService('replicas: 2\n'), '-b', 'local')
  await stand.run('right', plainService('auth: false\n'), '-b', 'local')
  const pidsOf = (run: string) => async (): Promise<string> => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () => ask(first, { run, token, thinksMs: 20 })),
    )
    return [...new Set(all)].sort((a, b) => a - b).join()
  }
  const left = await until(pidsOf('left'), (pids) => pids.includes(','), 30_000)
  const right = await until(pidsOf('right'), (pids) => pids !== '', 30_000)
  const machines = [...stand.machines()].sort()
  expect(machines).toHaveLength(3)

  const load = startLoad({ clients: 4, everyMs: 5 }, () => ask(first, { run: 'left', token }))
  await until(
    () => load.answers.length,
    (count) => count > 100,
    20_000,
  )
  first.signal('SIGKILL')
  await first.ended
  const killedMs = performance.now()
  const answered = load.answers.length
  const second = await stand.server('--port', String(first.port))
  await until(
    () => load.answers.length,
    (count) => count > answered,
    15_000,
  )
  const backMs = performance.now() - killedMs
  expect(second.token).toBeNull()
  await until(
    () => load.answers.length,
    (count) => count > answered + 200,
    20_000,
  )
  await load.stop()
  // Nobody listened while it was away; since it is back, none has failed.
  expect(load.failures.filter(({ beganMs }) => beganMs > killedMs + backMs)).toEqual([])

  // Once the lease of the one that was killed has run out, the other one looks after the runs.
  await pause(leaseMs + 3000 - (performance.now() - killedMs))
  expect((await stand.command('ps')).match(/replica \d .*running/g)).toHaveLength(3)
  expect(await pidsOf('left')()).toBe(left)
  expect(await pidsOf('right')()).toBe(right)
  expect([...stand.machines()].sort()).toEqual(machines)
  console.info(
    `the server was killed: its gateway answers again after ${Math.round(backMs)} ms; the next process was listening after ${Math.round(second.tookMs)} ms`,
  )

  const stopped = await stand.command('stop', 'left', 'right')
  expect(stopped).toMatch(/left {2}terminated/)
  expect(stand.machines()).toEqual([])
  expect(await pidsOf('left')().catch(String)).toMatch(/404/)
}, 120_000)

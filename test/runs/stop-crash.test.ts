import { expect, test } from 'vitest'
import { stopRun, submitRun } from '#runs/submit'
import { newWorld, spec } from './world.ts'

/** Stops a running run, with a process that dies at the given step; another one goes on. */
const stop = async (runtime: 'vm' | 'container', crashAt: number) => {
  const world = newWorld({ runtime })
  const run = { ...spec, idleSeconds: 60, replicas: { min: 2, max: 3 } }
  submitRun(world.store, { name: 'web', spec: run }, world.chance())
  const mortal = world.process('first')
  await world.settle(mortal.hands, 60)
  expect(world.alive()).toHaveLength(2)
  stopRun(world.store, 'web', 'stopped-by-user')
  const before = mortal.steps()
  mortal.dieAfter(crashAt)
  await world.settle(mortal.hands, 120).catch(() => undefined)
  const steps = mortal.steps() - before
  world.advance(61_000)
  await world.settle(world.process('second').hands, 180)
  return { world, steps }
}

test.each(['vm', 'container'] as const)(
  'a stop (%s) with a crash at every step of it leaves nothing',
  async (runtime) => {
    const { steps } = await stop(runtime, Infinity)
    expect(steps).toBeGreaterThan(20)
    for (let at = 1; at <= steps; at++) {
      const { world } = await stop(runtime, at)
      expect(world.store.runNamed('web')?.status, `crash at ${at}`).toBe('terminated')
      expect(world.books(), `crash at ${at}`).toEqual({ cloud: [], ledger: [] })
      expect(world.cloud.sideObjects, `crash at ${at}`).toEqual([])
      expect(world.store.sideObjects(), `crash at ${at}`).toEqual([])
      expect(world.troubles, `crash at ${at}`).toEqual([])
    }
  },
)

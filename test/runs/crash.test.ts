import { describe, expect, test } from 'vitest'
import { stopRun, submitRun } from '#runs/submit'
import { newWorld, spec } from './world.ts'

/** Launches, and stops, with a process that dies at the given step; another one goes on. */
const launch = async (crashAt: number) => {
  const world = newWorld()
  submitRun(world.store, { name: 'web', spec }, world.chance())
  const mortal = world.process('first', crashAt)
  await world.settle(mortal.hands, 60).catch(() => undefined)
  world.advance(61_000)
  const next = world.process('second')
  await world.settle(next.hands)
  const running = { ...world.books(), status: world.store.runNamed('web')?.status }
  stopRun(world.store, 'web', 'stopped-by-user')
  await world.settle(next.hands)
  return { world, running, steps: mortal.steps() }
}

describe('one launch, and a crash at every step of it', () => {
  test('leaves one machine, and after the stop none', async () => {
    const { steps } = await launch(Infinity)
    expect(steps).toBeGreaterThan(20)
    for (let at = 1; at <= steps; at++) {
      const { world, running } = await launch(at)
      expect(running, `crash at ${at}`).toMatchObject({ status: 'running' })
      expect(running.cloud, `crash at ${at}`).toHaveLength(1)
      expect(running.ledger, `crash at ${at}`).toEqual(running.cloud)
      expect(world.books(), `crash at ${at}`).toEqual({ cloud: [], ledger: [] })
      expect(world.cloud.sideObjects, `crash at ${at}`).toEqual([])
      expect(world.store.sideObjects(), `crash at ${at}`).toEqual([])
      expect(world.cloud.totals.doubles, `crash at ${at}`).toBe(0)
      expect(world.troubles, `crash at ${at}`).toEqual([])
    }
  })
})

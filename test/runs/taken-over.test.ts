/** A launch whose process dies at some step, and another one that takes over in the same second. */
import { expect, test } from 'vitest'
import { newStore } from '#runs/store'
import { stopRun, submitRun } from '#runs/submit'
import { openBooks } from './books.ts'
import { newWorld, spec } from './world.ts'

const books = openBooks()
const store = newStore(books.database, () => books.time.nowMs, {
  own: { host: 'here', pid: 1, born: '1' },
  hasEnded: () => true,
})

const launch = async (crashAt: number) => {
  const world = newWorld({ books: { ...books, store } })
  submitRun(world.store, { name: 'web', spec }, world.chance())
  const mortal = world.process('first', crashAt)
  await world.settle(mortal.hands, 60).catch(() => undefined)
  const next = world.process('second')
  await world.sweep(next.hands)
  await world.settle(next.hands)
  const running = { ...world.books(), status: world.store.runNamed('web')?.status }
  stopRun(world.store, 'web', 'stopped-by-user')
  await world.settle(next.hands)
  return { world, running, steps: mortal.steps() }
}

test('a crash at every step leaves one machine, and after the stop none', async () => {
  const { steps } = await launch(Infinity)
  expect(steps).toBeGreaterThan(20)
  for (let at = 1; at <= steps; at++) {
    const { world, running } = await launch(at)
    expect(running, `crash at ${at}`).toMatchObject({ status: 'running' })
    expect(running.cloud, `crash at ${at}`).toHaveLength(1)
    expect(running.ledger, `crash at ${at}`).toEqual(running.cloud)
    expect(world.books(), `crash at ${at}`).toEqual({ cloud: [], ledger: [] })
    expect(world.cloud.sideObjects, `crash at ${at}`).toEqual([])
    expect(world.cloud.totals.doubles, `crash at ${at}`).toBe(0)
    expect(world.troubles, `crash at ${at}`).toEqual([])
  }
})

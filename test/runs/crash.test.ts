import { describe, expect, test } from 'vitest'
import { newStore } from '#runs/store'
import { stopRun, submitRun } from '#runs/submit'
import { openBooks } from './books.ts'
import { newWorld, spec } from './world.ts'

type World = ReturnType<typeof newWorld>
type Process = ReturnType<World['process']>

/** How another process comes to go on with what one that died had under its lease. */
interface Succession {
  readonly world: () => World
  readonly takeOver: (world: World, next: Process) => Promise<void>
}

const books = openBooks()

const onceTheLeaseRanOut: Succession = {
  world: () => newWorld(),
  takeOver: async (world) => world.advance(61_000),
}

const inTheSameSecond: Succession = {
  world: () => {
    const store = newStore(books.database, () => books.time.nowMs, {
      own: { host: 'here', pid: 1, born: '1' },
      hasEnded: () => true,
    })
    return newWorld({ books: { ...books, store } })
  },
  takeOver: (world, next) => world.sweep(next.hands),
}

/** Launches, and stops, with a process that dies at the given step; another one goes on. */
const launch = async (crashAt: number, { world: newOne, takeOver }: Succession) => {
  const world = newOne()
  submitRun(world.store, { name: 'web', spec }, world.chance())
  const mortal = world.process('first', crashAt)
  await world.settle(mortal.hands, 60).catch(() => undefined)
  const next = world.process('second')
  await takeOver(world, next)
  await world.settle(next.hands)
  const running = { ...world.books(), status: world.store.runNamed('web')?.status }
  stopRun(world.store, 'web', 'stopped-by-user')
  await world.settle(next.hands)
  return { world, running, steps: mortal.steps() }
}

describe('one launch, and a crash at every step of it', () => {
  test.each([
    ['once the lease has run out', onceTheLeaseRanOut],
    ['in the same second, where the process is known to be dead', inTheSameSecond],
  ])('taken over %s leaves one machine, and after the stop none', async (_, succession) => {
    const { steps } = await launch(Infinity, succession)
    expect(steps).toBeGreaterThan(20)
    for (let at = 1; at <= steps; at++) {
      const { world, running } = await launch(at, succession)
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

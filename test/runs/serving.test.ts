/** What whoever serves requests tells the runs, and the runs tell whoever looks. */
import { describe, expect, test } from 'vitest'
import { giveUpReplica } from '#runs/give-up-replica'
import { scaleRun, submitRun } from '#runs/submit'
import { newWorld, spec, type World } from './world.ts'

const twoRunning = async () => {
  const world = newWorld()
  const inFlight = new Map<string, number>()
  const drained: string[] = []
  const hands = {
    ...world.process('server').hands,
    drain: (id: string) => {
      drained.push(id)
      return inFlight.get(id) ?? 0
    },
  }
  const { id } = submitRun(
    world.store,
    { name: 'served', spec: { ...spec, replicas: { min: 1, max: 2 } } },
    world.chance(),
  )
  scaleRun(world.store, 'served', 2)
  await world.settle(hands)
  return { world, hands, inFlight, drained, id }
}

const statuses = ({ store }: World, id: string) => store.replicas(id).map(({ status }) => status)

describe('a replica that is scaled down', () => {
  test('stays until its last request has been answered', async () => {
    const { world, hands, inFlight, drained, id } = await twoRunning()
    expect(statuses(world, id)).toEqual(['running', 'running'])
    const machine = world.store.replica(id, 1)?.instanceId ?? ''
    inFlight.set(machine, 1)
    scaleRun(world.store, 'served', 1)
    await world.settle(hands)
    expect(statuses(world, id)).toEqual(['running', 'terminating'])
    expect(world.alive()).toHaveLength(2)
    expect(new Set(drained)).toEqual(new Set([machine]))
    inFlight.delete(machine)
    await world.settle(hands)
    expect(statuses(world, id)).toEqual(['running', 'terminated'])
    expect(world.alive()).toHaveLength(1)
  })
})

describe('a replica that answers nobody', () => {
  test('has failed, and comes again as its retry policy says', async () => {
    const { world, hands, id } = await twoRunning()
    const { store } = world
    const replica = store.replica(id, 0)
    if (replica === null) throw new Error('no replica')
    giveUpReplica(store, replica, 'nothing answers')
    expect(store.replica(id, 0)).toMatchObject({
      status: 'terminating',
      reason: 'gateway-error',
      message: 'nothing answers',
    })
    await world.settle(hands)
    expect(store.replica(id, 0)).toMatchObject({ status: 'running', submission: 1 })
    expect(world.books().cloud).toEqual(world.books().ledger)
  })

  test('is left alone where it runs on another machine by now', async () => {
    const { world, id } = await twoRunning()
    const { store } = world
    giveUpReplica(store, { runId: id, replica: 0, instanceId: 'another' }, 'nothing answers')
    expect(statuses(world, id)).toEqual(['running', 'running'])
  })
})

describe('what is noted of scaling', () => {
  test('is the newest, and goes with its run', async () => {
    const { world, id } = await twoRunning()
    const { store } = world
    expect(store.scalingNote(id)).toBeNull()
    store.noteScaling(id, 'one')
    store.noteScaling(id, 'two')
    expect(store.scalingNote(id)).toBe('two')
  })
})

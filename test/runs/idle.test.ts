import { describe, expect, test } from 'vitest'
import { MachineUnknownError } from '#domain/errors'
import { addToPool, listPool, removeFromPool, setMachine } from '#runs/pool-commands'
import { stopRun, submitRun } from '#runs/submit'
import { newWorld, spec, type World } from './world.ts'

const submit = (world: World, name: string, over: Partial<typeof spec> = {}): void => {
  submitRun(world.store, { name, spec: { ...spec, ...over } }, world.chance())
}

/** A machine that idles after its run. */
const idle = async (over: Partial<typeof spec> = {}) => {
  const world = newWorld({ runtime: 'vm' })
  const { hands } = world.process('one')
  submit(world, 'first', over)
  await world.settle(hands, 60)
  stopRun(world.store, 'first', 'stopped-by-user')
  await world.pass(hands)
  const [machine] = world.store.instances()
  if (machine === undefined) throw new Error('no machine')
  return { world, hands, machine }
}

describe('a machine whose run is over', () => {
  test('idles, its command stopped, until the idle time is over', async () => {
    const { world, hands, machine } = await idle()
    expect(machine).toMatchObject({ status: 'idle', runId: null, idleSinceMs: world.nowMs() })
    expect(world.stopped).toEqual([machine.refId])
    world.advance(299_999)
    await world.pass(hands)
    expect(world.alive()).toHaveLength(1)
    world.advance(1)
    await world.pass(hands)
    expect(world.alive().map(({ goneMs }) => goneMs !== null)).toEqual([true])
    await world.settle(hands, 60)
    expect(world.books()).toEqual({ cloud: [], ledger: [] })
    expect(world.cloud.sideObjects).toEqual([])
  })

  test('goes at once where the idle time is 0', async () => {
    const world = newWorld({ runtime: 'vm' })
    const { hands } = world.process('one')
    submit(world, 'first', { idleSeconds: 0 })
    await world.settle(hands, 60)
    stopRun(world.store, 'first', 'stopped-by-user')
    await world.settle(hands, 30)
    expect(world.alive()).toEqual([])
  })

  test('stays for ever where it is not to be destroyed', async () => {
    const { world, hands } = await idle({ idleSeconds: null })
    world.advance(90 * 24 * 60 * 60 * 1000)
    await world.pass(hands)
    await world.sweep(hands)
    expect(world.alive()).toHaveLength(1)
  })

  test('is gone with its run where it is a container', async () => {
    const world = newWorld({ runtime: 'container' })
    const { hands } = world.process('one')
    submit(world, 'first')
    await world.settle(hands, 60)
    stopRun(world.store, 'first', 'stopped-by-user')
    await world.settle(hands, 30)
    expect(world.alive()).toEqual([])
  })

  test('is lost to the pool once it is taken back', async () => {
    const { world, hands } = await idle()
    world.cloud.machines = world.cloud.machines.map((one) => ({
      ...one,
      reclaimedMs: world.nowMs(),
    }))
    world.advance(60_000)
    await world.settle(hands, 60)
    expect(world.store.instances()).toEqual([])
  })
})

describe('an idle machine', () => {
  test('serves the next run, and none is made', async () => {
    const { world, hands, machine } = await idle()
    submit(world, 'second', { idleSeconds: 30 })
    await world.settle(hands, 60)
    expect(world.store.runNamed('second')?.status).toBe('running')
    expect(world.cloud.totals.made).toBe(1)
    expect(world.store.instances()).toMatchObject([{ id: machine.id, idleSeconds: 30 }])
    expect(world.store.attempts(world.store.runNamed('second')?.id ?? '')).toEqual([])
  })

  test.each([
    ['a run that wants a new one', { reuse: 'never' }],
    ['a run of another pool', { pool: 'other' }],
    ['a run that names another machine', { instanceName: 'another' }],
    ['a run that may not cost as much', { maxPriceNanoUsd: 99_000_000 }],
  ] as const)('does not serve %s', async (_, over) => {
    const { world, hands, machine } = await idle()
    submit(world, 'second', over)
    await world.pass(hands)
    expect(world.store.instance(machine.id)?.status).toBe('idle')
  })

  test('is all that a run takes which may make none', async () => {
    const never = { retry: false, durationSeconds: null }
    const { world, hands, machine } = await idle()
    submit(world, 'second', { reuse: 'only', instanceName: machine.name })
    submit(world, 'third', { reuse: 'only', retryPolicy: never })
    await world.settle(hands, 60)
    const statuses = ['second', 'third'].map((name) => world.store.runNamed(name)?.status)
    expect(statuses).toEqual(['running', 'failed'])
    expect(world.cloud.totals.made).toBe(1)
  })

  test('is taken by one of two that want it', async () => {
    const { world, hands } = await idle()
    submit(world, 'second')
    submit(world, 'third')
    await world.settle(hands, 60)
    const taken = world.store.instances().map(({ runId }) => runId)
    expect(new Set(taken).size).toBe(2)
    expect(world.cloud.totals.made).toBe(2)
  })
})

describe('the pool by hand', () => {
  const { workload: _, ...machineSpec } = spec

  test('a machine is added, and idles', async () => {
    const world = newWorld({ runtime: 'vm' })
    const { hands } = world.process('one')
    addToPool(
      world.store,
      { name: 'spare', spec: { ...machineSpec, pool: 'gpus' } },
      world.chance(),
    )
    await world.settle(hands, 90)
    expect(world.store.runNamed('spare')?.status).toBe('done')
    expect(listPool(world.store, 'gpus')).toMatchObject([{ status: 'idle', pool: 'gpus' }])
    expect(listPool(world.store, 'default-pool')).toEqual([])
    expect(listPool(world.store, null)).toHaveLength(1)
  })

  test('no container is added, since it cannot idle', async () => {
    const world = newWorld({ runtime: 'container' })
    const { hands } = world.process('one')
    const never = { retry: false, durationSeconds: null }
    addToPool(
      world.store,
      { name: 'spare', spec: { ...machineSpec, retryPolicy: never } },
      world.chance(),
    )
    await world.settle(hands, 60)
    expect(world.store.runNamed('spare')?.status).toBe('failed')
    expect(world.cloud.totals.made).toBe(0)
  })

  test('an idle machine that is removed goes', async () => {
    const { world, hands, machine } = await idle()
    expect(removeFromPool(world.store, machine.name)).toBe('going')
    await world.settle(hands, 30)
    expect(world.alive()).toEqual([])
  })

  test('one that serves a replica is drained', async () => {
    const world = newWorld({ runtime: 'vm' })
    const { hands } = world.process('one')
    submit(world, 'first')
    await world.settle(hands, 60)
    const [machine] = world.store.instances()
    expect(removeFromPool(world.store, machine?.name ?? '')).toBe('drained')
    await world.settle(hands, 60)
    expect(world.store.runNamed('first')?.status).toBe('running')
    stopRun(world.store, 'first', 'stopped-by-user')
    await world.settle(hands, 30)
    expect(world.alive()).toEqual([])
  })

  test('its idle time and pool can be set, and an unknown name is said', async () => {
    const { world, hands, machine } = await idle()
    setMachine(world.store, machine.name, { pool: 'other', idleSeconds: 10 })
    expect(listPool(world.store, 'other')).toHaveLength(1)
    world.advance(10_000)
    await world.settle(hands, 30)
    expect(world.alive()).toEqual([])
    expect(() => removeFromPool(world.store, 'nobody')).toThrow(MachineUnknownError)
  })
})

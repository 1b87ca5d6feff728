import { describe, expect, test } from 'vitest'
import { parseInstant } from '#platform/clock'
import { ownerOf } from '#runs/owner'
import { type Reaped, reapBackend, type ReapOptions } from '#runs/reaper'
import { stopRun, submitRun } from '#runs/submit'
import { newWorld, spec, type World } from './world.ts'

const hourMs = 60 * 60 * 1000

const running = async (world: World = newWorld()) => {
  world.addForeign()
  submitRun(world.store, { name: 'web', spec }, world.chance())
  const { hands } = world.process('one')
  await world.settle(hands, 60)
  const [instance] = world.store.instances()
  if (instance === undefined) throw new Error('no machine')
  const reap = (over: Partial<ReapOptions> = {}) => {
    const owner = world.alive()[0]?.tags?.owner ?? ''
    const options = { owner, onlyExpired: false, dryRun: false, ...over }
    return reapBackend(hands, 'simulator', world.backend, options)
  }
  return { world, hands, instance, reap }
}

const taggedUntil = (world: World): number =>
  parseInstant(world.alive()[0]?.tags?.expiresAt ?? '') ?? 0

describe('an expiry', () => {
  test('is renewed as long as somebody looks after the machine', async () => {
    const { world, hands } = await running()
    for (let hours = 0; hours < 24; hours++) {
      world.advance(hourMs / 2)
      await world.pass(hands)
      expect(taggedUntil(world)).toBeGreaterThan(world.nowMs() + hourMs / 2)
      await world.sweep(hands)
    }
    expect(world.alive()).toHaveLength(1)
    expect(world.store.instances()[0]?.expiresMs).toBeGreaterThanOrEqual(taggedUntil(world))
  })

  test('that is past takes the machine, though not before clocks that differ agree', async () => {
    const { world, reap } = await running()
    const untilMs = taggedUntil(world)
    world.advance(untilMs + 5 * 60_000 - world.nowMs())
    expect(await reap()).toEqual([])
    world.advance(1000)
    expect(await reap({ dryRun: true })).toMatchObject([
      { what: 'instance', why: 'expired', outcome: 'kept' },
      { what: 'disk', why: 'expired', outcome: 'kept' },
    ])
    expect(world.alive()).toHaveLength(1)
    expect(await reap()).toMatchObject([{ outcome: 'going' }, { outcome: 'going' }])
    world.advance(5000)
    expect(world.alive()).toEqual([])
  })
})

describe('the reaper', () => {
  test('leaves alone what is in the books, and what is not ours', async () => {
    const { world, reap } = await running()
    expect(await reap()).toEqual([])
    expect(world.alive()).toHaveLength(1)
    expect(world.foreign()).toHaveLength(2)
  })

  test('leaves alone what an unclear attempt may own', async () => {
    const world = newWorld()
    world.faults.push({ call: 'create', fault: { kind: 'lost-response' } })
    submitRun(world.store, { name: 'web', spec }, world.chance())
    const { hands } = world.process('one')
    await world.pass(hands)
    world.advance(10_000)
    await world.sweep(hands)
    expect(world.alive()).toHaveLength(1)
  })

  test('removes what is in no book, its disk after it', async () => {
    const { world, hands, instance } = await running()
    for (const table of ['instance', 'side_object']) world.database.exec(`DELETE FROM ${table}`)
    await world.sweep(hands)
    world.advance(5000)
    expect(world.alive()).toEqual([])
    await world.sweep(hands)
    expect(world.cloud.sideObjects).toEqual([])
    expect(world.foreign()).toHaveLength(2)
    expect(instance.endedMs).toBeNull()
  })

  test('goes on after what cannot be removed, tells of each, and fails in the end', async () => {
    const { world, hands } = await running()
    submitRun(world.store, { name: 'api', spec }, world.chance())
    await world.settle(hands, 60)
    for (const table of ['instance', 'side_object']) world.database.exec(`DELETE FROM ${table}`)
    world.faults.push({ call: 'destroy', fault: { kind: 'lost-request' } })
    const options = { owner: ownerOf(hands), onlyExpired: false, dryRun: false }
    const told: Reaped[] = []
    const reaping = reapBackend(hands, 'simulator', world.backend, options, (one) => told.push(one))
    await expect(reaping).rejects.toThrow('the request was lost')
    expect(told).toMatchObject([
      { what: 'instance', outcome: 'failed' },
      { what: 'instance', outcome: 'going' },
      { what: 'disk' },
      { what: 'disk' },
    ])
    world.advance(5000)
    expect(world.alive()).toHaveLength(1)
  })

  test('takes machines of a lost state file only once they have expired', async () => {
    const { world } = await running()
    const owner = world.alive()[0]?.tags?.owner ?? ''
    const other = newWorld()
    other.advance(world.nowMs() - other.nowMs())
    const { hands } = other.process('elsewhere')
    const options = { owner, onlyExpired: true, dryRun: false }
    const reap = () => reapBackend(hands, 'simulator', world.backend, options)
    expect(await reap()).toEqual([])
    world.advance(3 * hourMs)
    other.advance(3 * hourMs)
    expect(await reap()).toMatchObject([{ why: 'expired', outcome: 'going' }, { what: 'disk' }])
    world.advance(5000)
    expect(world.alive()).toEqual([])
    expect(world.foreign()).toHaveLength(2)
  })
})

describe('pruning', () => {
  test('forgets runs that are long over, and nothing of one that goes on', async () => {
    const { world, hands } = await running(newWorld({ runtime: 'vm' }))
    for (let at = 0; at < 5; at++) {
      submitRun(
        world.store,
        { name: `job-${at}`, spec: { ...spec, idleSeconds: 0 } },
        world.chance(),
      )
      await world.settle(hands, 60)
      stopRun(world.store, `job-${at}`, 'stopped-by-user')
      await world.settle(hands, 60)
    }
    const before = world.store.runs(true).length
    for (let day = 0; day < 20; day++) {
      for (let hour = 0; hour < 24; hour++) {
        world.advance(hourMs)
        await world.pass(hands)
      }
      await world.sweep(hands)
    }
    expect(before).toBe(6)
    expect(world.store.runs(true)).toMatchObject([{ name: 'web', status: 'running' }])
    const [run] = world.store.runs(true)
    expect(world.store.attempts(run?.id ?? '')).toHaveLength(1)
    expect(world.store.instances()).toHaveLength(1)
    expect(world.alive()).toHaveLength(1)
    expect(world.store.sideObjects()).toHaveLength(1)
    world.faults.push({ call: 'observe', fault: { kind: 'lost-request' } })
    stopRun(world.store, 'web', 'stopped-by-user')
    await world.settle(hands, 900)
    expect(world.books()).toEqual({ cloud: [], ledger: [] })
  })
})

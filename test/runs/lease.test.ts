import { describe, expect, test } from 'vitest'
import { RunsLockedError } from '#domain/errors'
import { dropLease, leaseMs } from '#runs/lease'
import { lookAfterRuns } from '#runs/look-after'
import { submitRun } from '#runs/submit'
import type { Side } from './process.ts'
import { newWorld, spec } from './world.ts'

describe('two processes', () => {
  test('do not both look after the runs', async () => {
    const world = newWorld()
    const [one, two] = [world.process('one'), world.process('two')]
    await world.pass(one.hands)
    await expect(world.pass(two.hands)).rejects.toThrow(RunsLockedError)
    world.advance(leaseMs - 1000)
    await expect(world.pass(two.hands)).rejects.toThrow(RunsLockedError)
    world.advance(1000)
    await world.pass(two.hands)
    await expect(world.pass(one.hands)).rejects.toThrow(RunsLockedError)
  })

  test('hand over at once where the first one ends', async () => {
    const world = newWorld()
    const [one, two] = [world.process('one'), world.process('two')]
    await world.pass(one.hands)
    dropLease(two.hands)
    await expect(world.pass(two.hands)).rejects.toThrow(RunsLockedError)
    dropLease(one.hands)
    await world.pass(two.hands)
  })

  test('the loop gives the lease back', async () => {
    const world = newWorld()
    const onTrouble = (): void => undefined
    await lookAfterRuns(world.process('one').hands, { onTrouble, isEnough: () => true })
    await expect(world.pass(world.process('two').hands)).resolves.toBeUndefined()
  })
})

/** One process falls asleep in a call, another takes over, and the first one wakes up. */
const asleep = async (call: string, side: Side, sleepsMs: number) => {
  const world = newWorld()
  submitRun(world.store, { name: 'web', spec }, world.chance())
  const sleeper = world.process('sleeper')
  let wake = (): void => undefined
  const woken = new Promise<void>((resolve) => {
    wake = resolve
  })
  let heldAt: string | null = null
  sleeper.holdUp((at, when) => {
    if (heldAt !== null || at !== call || when !== side) return null
    heldAt = at
    return woken
  })
  const passes = async (): Promise<void> => {
    for (let at = 0; at < 3; at++) {
      await world.pass(sleeper.hands)
      world.advance(5000)
    }
  }
  const sleeping = passes().catch((error: unknown) => error)
  await new Promise((resolve) => setImmediate(resolve))
  expect(heldAt).toBe(call)
  world.advance(sleepsMs)
  const next = world.process('next')
  await world.settle(next.hands, 120)
  wake()
  await sleeping
  await world.settle(next.hands, 120)
  return world
}

describe('a process that slept through its lease', () => {
  test.each([
    ['create', 'before'],
    ['create', 'after'],
    ['observe', 'before'],
    ['observe', 'after'],
  ] as const)('in %s, %s it is made, makes no second machine', async (call, side) => {
    for (const sleepsMs of [leaseMs, 61_000, 600_000]) {
      const world = await asleep(call, side, sleepsMs)
      expect(world.books().cloud).toHaveLength(1)
      expect(world.books().ledger).toEqual(world.books().cloud)
      expect(world.store.runNamed('web')?.status).toBe('running')
      expect(world.cloud.totals.doubles).toBe(0)
      expect(world.cloud.sideObjects).toHaveLength(1)
    }
  })
})

import { describe, expect, test } from 'vitest'
import { retryOf } from '#runs/retry'
import { scaleRun, stopRun, submitRun } from '#runs/submit'
import { newWorld, spec, type World } from './world.ts'

const failed = {
  reason: 'container-exited-with-error',
  failures: 1,
  failedAtMs: 1_000_000,
  submittedAtMs: 0,
  firstFailedAtMs: 1_000_000,
} as const

const always = { retry: true, durationSeconds: null }

describe('when a failed replica is tried again', () => {
  test.each([
    [1, 15],
    [2, 30],
    [3, 60],
    [4, 120],
    [5, 300],
    [6, 600],
    [60, 600],
  ])('after failure %i, %i seconds later', (failures, seconds) => {
    const atMs = failed.failedAtMs + seconds * 1000
    expect(retryOf({ ...failed, failures }, always)).toEqual({ kind: 'at', atMs })
  })

  test('not at all without a policy, or for an end that is none of the three', () => {
    expect(retryOf(failed, { retry: false, durationSeconds: null })).toEqual({ kind: 'no' })
    for (const reason of [
      'terminated-by-user',
      'max-duration-exceeded',
      'price-above-limit',
    ] as const) {
      expect(retryOf({ ...failed, reason }, always)).toEqual({ kind: 'no' })
    }
  })

  test('not past the duration: of no capacity from the submission, else from the failure', () => {
    const policy = { retry: true, durationSeconds: 900 }
    const reason = 'failed-to-start-due-to-no-capacity'
    expect(retryOf(failed, policy).kind).toBe('at')
    expect(retryOf({ ...failed, reason }, policy).kind).toBe('exhausted')
    expect(retryOf({ ...failed, reason, submittedAtMs: 115_000 }, policy).kind).toBe('at')
    expect(retryOf({ ...failed, reason, submittedAtMs: 114_999 }, policy).kind).toBe('exhausted')
  })
})

const start = (world: World, over: Partial<typeof spec> = {}) => {
  const run = submitRun(world.store, { name: 'web', spec: { ...spec, ...over } }, world.chance())
  return {
    status: () => world.store.run(run.id)?.status,
    end: () => world.store.run(run.id)?.reason,
    replica: () => world.store.replica(run.id, 0),
  }
}

const exit = (world: World, exitCode: number): void => {
  for (const { id } of world.alive())
    world.ended.set(id, { phase: 'exited', exitCode, reason: null })
}

describe('a command that ends', () => {
  test('well is done, and so is the run', async () => {
    const world = newWorld({ runtime: 'vm' })
    const { status, end } = start(world)
    const { hands } = world.process('one')
    await world.settle(hands, 60)
    exit(world, 0)
    await world.settle(hands, 30)
    expect([status(), end()]).toEqual(['done', 'all-jobs-done'])
  })

  test('with an error fails the run, where nothing is said about retries', async () => {
    const world = newWorld({ runtime: 'vm' })
    const { status, end, replica } = start(world, {
      retryPolicy: { retry: false, durationSeconds: null },
    })
    const { hands } = world.process('one')
    await world.settle(hands, 60)
    exit(world, 7)
    await world.settle(hands, 30)
    expect([status(), end(), replica()?.exitCode]).toEqual(['failed', 'job-failed', 7])
  })

  test('with an error is tried again after a wait, every time', async () => {
    const world = newWorld({ runtime: 'vm' })
    const { status, replica } = start(world, { idleSeconds: 0 })
    const { hands } = world.process('one')
    const waits: number[] = []
    for (let failure = 1; failure <= 3; failure++) {
      await world.settle(hands, 80)
      expect(status()).toBe('running')
      exit(world, 1)
      const secondsUntil = async (isThere: () => boolean): Promise<number> => {
        for (let seconds = 0; seconds < 100; seconds++) {
          await world.pass(hands)
          if (isThere()) return seconds
          world.advance(1000)
        }
        throw new Error('it never came')
      }
      await secondsUntil(() => replica()?.status === 'failed')
      waits.push(await secondsUntil(() => replica()?.status !== 'failed'))
    }
    // It ran in between, so each is the first failure again.
    expect(waits).toEqual([15, 15, 15])
  })

  test('ends the run once the retries have lasted too long', async () => {
    const world = newWorld()
    for (const { id } of world.offers) world.full.add(id)
    const { status, end } = start(world, { retryPolicy: { retry: true, durationSeconds: 600 } })
    const { hands } = world.process('one')
    await world.settle(hands, 300)
    expect(status()).toBe('pending')
    await world.settle(hands, 600)
    expect([status(), end()]).toEqual(['failed', 'retry-limit-exceeded'])
    expect(world.cloud.totals.made).toBe(0)
  })
})

describe('max_duration', () => {
  test('counts from the start of the command, not of the machine', async () => {
    const world = newWorld({ rules: { startMs: () => 200_000 } })
    const { status, replica } = start(world, { maxDurationSeconds: 100 })
    const { hands } = world.process('one')
    while (status() !== 'running') {
      await world.pass(hands)
      world.advance(5000)
    }
    const { runningMs } = replica() ?? {}
    if (typeof runningMs !== 'number') throw new Error('it does not run')
    world.advance(runningMs + 99_999 - world.nowMs())
    await world.pass(hands)
    expect(status()).toBe('running')
    world.advance(1)
    await world.settle(hands, 30)
    expect(replica()).toMatchObject({ status: 'terminated', reason: 'max-duration-exceeded' })
    expect(world.alive()).toEqual([])
  })
})

describe('a machine that is taken back', () => {
  const reclaim = (world: World): void => {
    world.cloud.machines = world.cloud.machines.map((one) => ({
      ...one,
      reclaimedMs: world.nowMs(),
    }))
  }

  test('interrupts its replica, which is placed anew', async () => {
    const world = newWorld()
    const { status } = start(world)
    const { hands } = world.process('one')
    await world.settle(hands, 60)
    const before = world.alive()
    reclaim(world)
    await world.pass(hands)
    const run = world.store.runNamed('web')
    expect(world.store.replica(run?.id ?? '', 0)).toMatchObject({
      reason: 'interrupted-by-no-capacity',
    })
    await world.settle(hands, 120)
    expect(status()).toBe('running')
    expect(world.alive()).toHaveLength(1)
    expect(world.alive()).not.toEqual(before)
  })

  test('ends the run where nothing is said about retries', async () => {
    const world = newWorld()
    const { status, end } = start(world, { retryPolicy: { retry: false, durationSeconds: null } })
    const { hands } = world.process('one')
    await world.settle(hands, 60)
    reclaim(world)
    await world.settle(hands, 60)
    expect([status(), end()]).toEqual(['failed', 'job-failed'])
    expect(world.books()).toEqual({ cloud: [], ledger: [] })
  })
})

describe('another number of replicas', () => {
  test('adds and stops machines', async () => {
    const world = newWorld()
    const { status } = start(world, { replicas: { min: 0, max: 3 } })
    const { hands } = world.process('one')
    await world.settle(hands, 30)
    expect([status(), world.alive().length]).toEqual(['pending', 0])
    for (const wanted of [3, 1, 2, 0]) {
      scaleRun(world.store, 'web', wanted)
      await world.settle(hands, 90)
      expect(world.alive()).toHaveLength(wanted)
      expect(world.books().ledger).toEqual(world.books().cloud)
    }
    expect(status()).toBe('pending')
    expect(() => scaleRun(world.store, 'web', 4)).toThrow('0 to 3 replicas')
    stopRun(world.store, 'web', 'stopped-by-user')
    await world.pass(hands)
    expect(status()).toBe('terminated')
  })
})

/** Machines that are there, and on which nothing can be started. */
import { describe, expect, test } from 'vitest'
import { SshFailure } from '#platform/ssh'
import type { Hands } from '#runs/hands'
import { addToPool } from '#runs/pool-commands'
import { submitRun } from '#runs/submit'
import { newWorld, spec, type World } from './world.ts'

type Machines = NonNullable<Hands['machines']>

const handsOf = (world: World, over: Partial<Machines>): Hands => {
  const { hands } = world.process('one')
  if (hands.machines === null) throw new Error('the world has machines')
  return { ...hands, machines: { ...hands.machines, ...over } }
}

const submitted = () => {
  const world = newWorld({ runtime: 'vm' })
  const { id } = submitRun(world.store, { name: 'web', spec }, world.chance())
  return {
    world,
    attempts: () => world.store.attempts(id),
    replica: () => world.store.replica(id, 0),
  }
}

/** On the first machine alone. */
const onFirst = (error: Error): Machines['start'] => {
  let first: string | null = null
  return async ({ id }) => {
    first ??= id
    if (id === first) throw error
  }
}

describe('a machine that takes no command', () => {
  test('is given back when its time is over, for the reason it gave, and the next offer is taken', async () => {
    const { world, attempts, replica } = submitted()
    const hands = handsOf(world, { start: onFirst(new Error('its engine says no')) })
    const { startSeconds } = world.backend.provisioner.traits
    await world.settle(hands, startSeconds - 60)
    expect(attempts()).toHaveLength(1)
    expect(world.troubles).toContainEqual(new Error('its engine says no'))
    await world.settle(hands, 180)
    expect(attempts()).toMatchObject([
      { state: 'failed', message: 'it did not start in time: its engine says no' },
      { state: 'known' },
    ])
    expect(replica()?.status).toBe('running')
    expect(world.alive()).toHaveLength(1)
  })

  test('and is another than the one that was made is given back at once', async () => {
    const { world, attempts, replica } = submitted()
    const foreign = new SshFailure('host-key', 'it shows another host key')
    await world.settle(handsOf(world, { start: onFirst(foreign) }), 60)
    expect(attempts()).toMatchObject([
      { state: 'failed', message: 'it shows another host key' },
      { state: 'known' },
    ])
    expect(replica()?.status).toBe('running')
    expect(world.alive()).toHaveLength(1)
  })

  test('ends what runs there, once it has become another', async () => {
    const { world, replica } = submitted()
    let isForeign = false
    const observe: Machines['observe'] = async () => {
      if (isForeign) throw new SshFailure('host-key', 'it shows another host key')
      return { phase: 'running' }
    }
    const hands = handsOf(world, { observe })
    await world.settle(hands, 60)
    expect(replica()?.status).toBe('running')
    isForeign = true
    await world.pass(hands)
    expect(replica()).toMatchObject({
      reason: 'executor-error',
      message: 'it shows another host key',
    })
  })
})

describe('a machine alone', () => {
  const { workload: _, ...machine } = spec
  const added = () => {
    const world = newWorld({ runtime: 'vm' })
    const run = addToPool(world.store, { name: 'spare', spec: machine }, world.chance())
    return { world, run: () => world.store.run(run.id) }
  }

  test('idles once it lets us in, however long it boots', async () => {
    const { world, run } = added()
    let left = 3
    const stop: Machines['stop'] = async () => {
      if (left > 0) {
        left -= 1
        throw new SshFailure('unreachable', 'nobody answers yet')
      }
    }
    await world.settle(handsOf(world, { stop }), 120)
    expect(run()?.status).toBe('done')
    expect(world.store.instances()).toMatchObject([{ status: 'idle' }])
    expect(world.troubles).toEqual([])
  })

  test('that never lets us in is none, and the next offer is taken', async () => {
    const { world } = added()
    const first = () => world.cloud.totals.made === 1
    const stop: Machines['stop'] = async () => {
      if (first()) throw new SshFailure('unreachable', 'nobody answers yet')
    }
    const { startSeconds } = world.backend.provisioner.traits
    await world.settle(handsOf(world, { stop }), startSeconds + 120)
    expect(world.cloud.totals.made).toBe(2)
    expect(world.store.instances()).toMatchObject([{ status: 'idle' }])
  })
})

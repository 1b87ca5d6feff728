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

describe('a machine that runs, and lets nobody in any more', () => {
  const running = async () => {
    const { world, attempts, replica } = submitted()
    const { hands } = world.process('one')
    await world.settle(hands, 60)
    expect(replica()?.status).toBe('running')
    const [first] = world.alive()
    if (first === undefined) throw new Error('no machine')
    const look = async (seconds: number) => {
      for (let left = seconds; left > 0; left -= 10) {
        await world.pass(hands)
        world.advance(10_000)
      }
    }
    return { world, attempts, replica, hands, look, id: first.id }
  }

  test('is lost after five minutes: it goes, and the replica runs elsewhere', async () => {
    const { world, attempts, replica, look, id } = await running()
    world.cutOff.add(id)
    await look(290)
    expect(replica()).toMatchObject({ status: 'running', submission: 0 })
    expect(world.alive().map((one) => one.id)).toEqual([id])
    await look(180)
    expect(replica()).toMatchObject({ status: 'running', submission: 1 })
    expect(attempts()).toHaveLength(2)
    expect(world.alive().map((one) => one.id)).not.toContain(id)
    const ends = world.store.transitions(replica()?.runId ?? '').map(({ why }) => why ?? '')
    expect(ends.join()).toContain('cannot be reached for 5 minutes: nobody answers')
  })

  test('ends the run where nothing is to be retried, and its machine goes', async () => {
    const { world, replica, look, id } = await running()
    world.database.exec(
      `UPDATE run SET spec = json_set(spec, '$.retryPolicy.retry', json('false'))`,
    )
    world.cutOff.add(id)
    await look(420)
    expect(replica()).toMatchObject({ status: 'failed', reason: 'interrupted-by-no-capacity' })
    expect(world.alive()).toEqual([])
  })

  test('stays after a short outage, however often there is one', async () => {
    const { world, replica, look, id } = await running()
    for (let times = 0; times < 5; times++) {
      world.cutOff.add(id)
      await look(240)
      world.cutOff.clear()
      await look(10)
    }
    expect(replica()).toMatchObject({ status: 'running', submission: 0 })
    expect(world.alive().map((one) => one.id)).toEqual([id])
  })

  test('stays where this machine was asleep between two failures', async () => {
    const { world, replica, look, id } = await running()
    world.cutOff.add(id)
    await look(10)
    world.advance(3_600_000)
    await look(10)
    expect(replica()).toMatchObject({ status: 'running', submission: 0 })
  })

  test('stays while its cloud cannot be asked either: the trouble may be here', async () => {
    const { world, replica, look, id } = await running()
    world.cutOff.add(id)
    const lost = { call: 'observe', fault: { kind: 'lost-request' as const } }
    world.faults.push(...Array.from({ length: 60 }, () => lost))
    await look(600)
    expect(replica()).toMatchObject({ status: 'running', submission: 0 })
  })

  test('is lost as well to a process that has never been let in', async () => {
    const { world, replica, id } = await running()
    const start = async () => undefined
    const observe: Machines['observe'] = async ({ refId }) => ({
      phase: refId === id ? 'starting' : 'running',
    })
    const hands = handsOf(world, { start, observe })
    for (let pass = 0; pass < 45; pass++) {
      await world.pass(hands)
      world.advance(10_000)
    }
    expect(replica()).toMatchObject({ status: 'running', submission: 1 })
    expect(world.alive().map((one) => one.id)).not.toContain(id)
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

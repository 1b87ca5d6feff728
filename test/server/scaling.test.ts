import { describe, expect, test } from 'vitest'
import { newTraffic } from '#autoscaler/traffic'
import { printRunRequest } from '#launch/run-request'
import { scaleRuns, type ScalingHands } from '#server/scaling'
import { readScalingNote } from '#server/scaling-note'
import { submitRun } from '#runs/submit'
import { someRequirements } from '../builders.ts'
import { newWorld, spec } from '../runs/world.ts'

const scaling = {
  metric: 'rps' as const,
  target: 1,
  scaleUpDelaySeconds: 300,
  scaleDownDelaySeconds: 600,
}

const served = (replicas: { readonly min: number; readonly max: number }) => {
  const world = newWorld()
  const request = printRunRequest({
    requirements: someRequirements(),
    offers: [],
    isFixed: true,
    allowStale: false,
    serving: { auth: true, model: null, scaling },
  })
  const { id } = submitRun(
    world.store,
    { name: 'served', spec: { ...spec, replicas, request } },
    world.chance(),
  )
  const traffic = newTraffic()
  const load = { inFlight: () => 0, held: () => 0 }
  const scaled: number[] = []
  const hands: ScalingHands = {
    store: world.store,
    nowMs: world.nowMs,
    traffic,
    load,
    sinceMs: world.nowMs(),
    onScaled: (_, { replicas: wanted }) => scaled.push(wanted),
  }
  const ask = (count: number): void => {
    for (let at = 0; at < count; at += 1) traffic.count(id, world.nowMs())
  }
  const process = world.process('server').hands
  const note = () => readScalingNote(world.store.scalingNote(id) ?? '{}')
  const wanted = () => world.store.run(id)?.wantedReplicas
  return { world, hands, ask, scaled, process, note, wanted, id }
}

describe('scaling', () => {
  test('one request starts a run that has no replica, once', async () => {
    const { world, hands, ask, scaled, wanted, process, note } = served({ min: 0, max: 3 })
    scaleRuns(hands)
    expect(wanted()).toBe(0)
    ask(1)
    scaleRuns(hands)
    await world.pass(process)
    scaleRuns(hands)
    expect(wanted()).toBe(1)
    expect(scaled).toEqual([1])
    expect(note()).toMatchObject({ rps: 1 / 60, target: 1, active: 1, wanted: 1 })
  })

  test('more replicas wait for their delay, and the note says until when', async () => {
    const { world, hands, ask, wanted, process, note } = served({ min: 1, max: 3 })
    await world.settle(process, 60)
    ask(180)
    scaleRuns(hands)
    expect(wanted()).toBe(1)
    expect(note()).toMatchObject({ wanted: 1 })
    expect(note()?.waitsUntilMs).toBeGreaterThan(world.nowMs())
    world.advance((note()?.waitsUntilMs ?? 0) - world.nowMs())
    ask(180)
    scaleRuns(hands)
    expect(wanted()).toBe(3)
  })

  test('nothing is taken away before a whole window has been counted', async () => {
    const { world, hands, ask, wanted, process, note } = served({ min: 0, max: 3 })
    ask(180)
    scaleRuns(hands)
    await world.settle(process, 60)
    expect(wanted()).toBe(3)
    world.advance(3_600_000)
    const restarted = { ...hands, traffic: newTraffic(), sinceMs: world.nowMs() }
    scaleRuns(restarted)
    expect(wanted()).toBe(3)
    expect(note()?.why).toContain('once requests are counted')
    world.advance(60_000)
    scaleRuns(restarted)
    expect(wanted()).toBe(0)
  })

  test('a replica that waits for another try is not given up for being inactive', async () => {
    const { world, hands, wanted, process, id } = served({ min: 1, max: 3 })
    for (const { id: offer } of world.offers) world.full.add(offer)
    for (let at = 0; at < world.offers.length + 1; at += 1) await world.pass(process)
    expect(world.store.replica(id, 0)?.status).toBe('failed')
    scaleRuns(hands)
    expect(wanted()).toBe(1)
    expect(world.store.run(id)?.status).toBe('pending')
  })
})

/** A machine that is added to a pool, up to a run that takes it: over a simulated cloud of machines. */
import { describe, expect, test } from 'vitest'
import * as room from '#api/runs'
import { tendMachine } from '#cli/tend-machine'
import type { World } from '#cli/world'
import { atLeast } from '#domain/range'
import type { Requirements } from '#domain/requirements'
import { matcherOf } from '#launch/matching'
import { readRunRequest } from '#launch/run-request'
import type { Hands } from '#runs/hands'
import { newWorld, spec as runSpec, type World as Cloud } from '../runs/world.ts'
import { filesOf } from './files.ts'

const requirements: Requirements = {
  cpu: atLeast(0),
  memoryMib: atLeast(0),
  diskMib: null,
  gpu: null,
  spot: null,
  maxPriceNanoUsd: null,
  backends: null,
  regions: null,
  instanceTypes: null,
}

const keys = {
  backends: null,
  regions: null,
  instanceTypes: null,
  spotPolicy: 'auto',
  retryPolicy: { retry: false, durationSeconds: null },
  maxDuration: 'off',
  maxPriceNanoUsd: null,
  poolName: 'spares',
  instanceName: null,
  creationPolicy: 'reuse-or-create',
  terminationPolicy: 'destroy-after-idle',
  terminationIdleTimeSeconds: 300,
} as const

/** Time passes while somebody sleeps, and others have their turn. */
const handsOf = (cloud: Cloud): Hands => ({
  ...cloud.process('foreground').hands,
  clock: {
    nowMs: cloud.nowMs,
    sleep: async (delayMs) => {
      await new Promise((resolve) => {
        setTimeout(resolve, 1)
      })
      cloud.advance(delayMs)
    },
  },
  matches: (run) => matcherOf(readRunRequest(run.spec.request).requirements),
})

const outputs = () => {
  const written = { stdout: '', stderr: '' }
  const to = (stream: 'stdout' | 'stderr') => ({
    write: (text: string) => {
      written[stream] += text
    },
    isTTY: false,
    columns: null,
  })
  const world: World = {
    arguments: [],
    stdout: to('stdout'),
    stderr: to('stderr'),
    environment: {},
    files: filesOf({}),
    writeFile: () => undefined,
    openCatalog: () => Promise.reject(new Error('no catalog in this test')),
    cwd: '/project',
    home: '/home/user',
    nowMs: 0,
  }
  return { world, written }
}

const add = (
  cloud: Cloud,
  over: Partial<typeof keys> | { readonly terminationPolicy: 'dont-destroy' } = {},
) => {
  const hands = handsOf(cloud)
  const runs = {
    store: cloud.store,
    hands,
    backend: (name: string) => hands.backend(name),
    close: async () => undefined,
  }
  const { world, written } = outputs()
  const spec = room.machineSpecOf({
    keys: { ...keys, ...over },
    requirements,
    offers: cloud.offers,
    attempts: 15,
    allowStale: false,
  })
  const { id } = room.addToPool(cloud.store, { name: 'spare', spec }, cloud.chance())
  const tended = { room, runs, id, leave: new AbortController() }
  const ended = tendMachine(tended, world, { color: 'never' })
  return { hands, written, ended }
}

describe('pool add', () => {
  test('leaves a machine that idles, says what ends it, and a later run takes it', async () => {
    const cloud = newWorld({ runtime: 'vm' })
    const { hands, written, ended } = add(cloud)
    expect(await ended).toBe(0)
    const [machine] = cloud.store.instances()
    expect(machine).toMatchObject({ status: 'idle', pool: 'spares', idleSeconds: 300 })
    expect(written.stdout).toBe(`${machine?.name} idles in spares\n`)
    expect(written.stderr).toContain(`dstack-offers pool remove ${machine?.name} ends it at once`)
    expect(written.stderr).toMatch(/^attempt 1 .*machine made/m)

    const { request } = cloud.store.runNamed('spare')?.spec ?? runSpec
    const spec = { ...runSpec, pool: 'spares', request }
    const { id } = room.submitRun(cloud.store, { name: 'web', spec }, cloud.chance())
    await cloud.settle(hands, 30)
    expect(cloud.store.replica(id, 0)).toMatchObject({ status: 'running', instanceId: machine?.id })
    expect(cloud.store.attempts(id)).toEqual([])
    expect(cloud.cloud.totals.made).toBe(1)
  })

  test('goes on to the next offer, and is no success where none is left', async () => {
    const cloud = newWorld({ runtime: 'vm' })
    for (const { id } of cloud.offers) cloud.full.add(id)
    const { written, ended } = add(cloud)
    expect(await ended).toBe(3)
    expect(written.stdout).toBe('')
    expect(written.stderr.match(/^attempt \d .*no-capacity/gm)).toHaveLength(cloud.offers.length)
  })

  test('says of a machine that is kept that it costs money until told otherwise', async () => {
    const { written, ended } = add(newWorld({ runtime: 'vm' }), {
      terminationPolicy: 'dont-destroy',
    })
    await ended
    expect(written.stderr).toContain('it stays, and costs money, until told otherwise')
  })

  test('interrupted, leaves nothing', async () => {
    const cloud = newWorld({ runtime: 'vm' })
    const { written, ended } = add(cloud)
    process.emit('SIGINT')
    expect(await ended).toBe(0)
    expect(cloud.store.runNamed('spare')?.reason).toBe('stopped-by-user')
    expect(cloud.books()).toEqual({ cloud: [], ledger: [] })
    expect(written.stdout).toBe('')
  })
})

describe('where no file says what a machine is for', () => {
  const nothing = { cpu: false, memory: false, disk: false, spot: false, idleTime: false }

  test('dstack says it', () => {
    const got = room.withMachineDefaults({ keys, requirements }, nothing)
    expect(got.keys).toMatchObject({ spotPolicy: 'on-demand', terminationIdleTimeSeconds: 259_200 })
    expect(got.requirements).toMatchObject({
      cpu: atLeast(2),
      memoryMib: atLeast(8192),
      diskMib: atLeast(102_400),
      spot: false,
    })
  })

  test('and flags say it over that', () => {
    const asked = { keys, requirements: { ...requirements, cpu: atLeast(64), spot: true } }
    const got = room.withMachineDefaults(asked, {
      ...nothing,
      cpu: true,
      spot: true,
      idleTime: true,
    })
    expect(got.requirements).toMatchObject({
      cpu: atLeast(64),
      spot: true,
      memoryMib: atLeast(8192),
    })
    expect(got.keys).toEqual(keys)
  })
})

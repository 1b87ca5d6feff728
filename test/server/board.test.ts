import { once } from 'node:events'
import { createServer, get, type Server } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { Service } from '#domain/serving'
import { printRunRequest } from '#launch/run-request'
import { type Board, newBoard } from '#server/board'
import { stopRun, submitRun } from '#runs/submit'
import { someRequirements } from '../builders.ts'
import { newWorld, spec } from '../runs/world.ts'

const servers: Server[] = []
let board: Board | null = null
afterEach(() => {
  board?.close()
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

const serving = async (): Promise<number> => {
  const server = createServer((_, response) => response.end('replica'))
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** One run on one machine, which is reached at an address, through a tunnel, or not at all. */
const running = async (way: 'direct' | 'tunnel' | 'none', port: number) => {
  const world = newWorld({ runtime: 'vm' })
  const request = printRunRequest({
    requirements: someRequirements(),
    offers: [],
    isFixed: true,
    allowStale: false,
    serving: { auth: false, model: null, scaling: null },
  })
  const { id } = submitRun(
    world.store,
    { name: 'served', spec: { ...spec, request } },
    world.chance(),
  )
  const mortal = world.process('server').hands
  const { machines } = mortal
  if (machines === null) throw new Error('no machines')
  await world.settle(mortal, 60)
  const [instance] = world.store.instances()
  if (instance === undefined) throw new Error('no machine')
  const tunnel = { open: async () => connect({ host: '127.0.0.1', port }), close: () => undefined }
  world.store.changeInstance(instance, {
    serviceHost: way === 'direct' ? '127.0.0.1' : null,
    servicePort: way === 'direct' ? port : null,
    sshHost: way === 'tunnel' ? 'far.example' : null,
    sshPort: way === 'tunnel' ? 22 : null,
  })
  const changes: (readonly Service[])[] = []
  const troubles: unknown[] = []
  const hands = { ...mortal, machines: { ...machines, reach: () => Promise.resolve(tunnel) } }
  board = newBoard({
    hands,
    readyWithinMs: 60_000,
    onChange: (services) => changes.push(services),
    onTrouble: (_, error) => troubles.push(error),
  })
  return { world, id, changes, board, mortal }
}

const until = async (isSo: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 500 && !isSo(); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(isSo()).toBe(true)
}

const textAt = (host: string, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    get({ host, port, agent: false }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()))
      answer.on('end', () => resolve(text))
    }).on('error', reject)
  })

describe('the board', () => {
  test.each(['direct', 'tunnel'] as const)('shows a replica that answers: %s', async (way) => {
    const { board: shown, changes } = await running(way, await serving())
    shown.look()
    expect(changes.at(-1)).toMatchObject([{ run: 'served', auth: false, replicas: [] }])
    await until(() => changes.at(-1)?.[0]?.replicas.length === 1)
    const [replica] = changes.at(-1)?.[0]?.replicas ?? []
    expect(await textAt(replica?.host ?? '', replica?.port ?? 0)).toBe('replica')
  })

  test('gives up on one that never answers, once its time is over', async () => {
    const { board: shown, world, id } = await running('direct', 1)
    shown.look()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(world.store.replica(id, 0)?.status).toBe('running')
    world.advance(60_001)
    await until(() => {
      shown.look()
      return world.store.replica(id, 0)?.status === 'terminating'
    })
    expect(world.store.replica(id, 0)).toMatchObject({ reason: 'gateway-error' })
  })

  test('takes nothing for granted of a machine that serves another run by now', async () => {
    const { board: shown, world, changes, mortal } = await running('direct', await serving())
    shown.look()
    await until(() => changes.at(-1)?.[0]?.replicas.length === 1)
    const { store } = world
    const [first] = store.instances()
    const request = store.runNamed('served')?.spec.request ?? ''
    stopRun(store, 'served', 'stopped-by-user')
    await world.settle(mortal, 20)
    submitRun(store, { name: 'next', spec: { ...spec, request } }, world.chance())
    await world.settle(mortal, 60)
    const [reused] = store.instances()
    expect(reused?.id).toBe(first?.id)
    expect(store.replica(store.runNamed('next')?.id ?? '', 0)?.status).toBe('running')
    if (reused !== undefined) store.changeInstance(reused, { servicePort: 1 })
    shown.look()
    expect(changes.at(-1)).toMatchObject([{ run: 'next', replicas: [] }])
    await new Promise((resolve) => setTimeout(resolve, 100))
    shown.look()
    expect(changes.at(-1)).toMatchObject([{ run: 'next', replicas: [] }])
  })

  test('shows no run that is ending, and tells a change once', async () => {
    const { board: shown, world, changes } = await running('none', 1)
    shown.look()
    shown.look()
    expect(changes).toHaveLength(1)
    stopRun(world.store, 'served', 'stopped-by-user')
    shown.look()
    expect(changes.at(-1)).toEqual([])
  })
})

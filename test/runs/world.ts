/** Runs on the simulated cloud in memory, with a clock that stands still until it is told to go. */
import type { CloudIo } from '#backends/kit/cloud-io'
import { type CloudState, newCloudState } from '#backends/simulator/cloud'
import { isOn } from '#backends/simulator/machine'
import { simulatorProvisioner } from '#backends/simulator/provisioner'
import type { Fault, SimulatorRules } from '#backends/simulator/rules'
import type { Offer } from '#domain/offer'
import { printInstant } from '#platform/http-time'
import type { Hands } from '#runs/hands'
import { reconcile } from '#runs/reconcile'
import type { RunSpec } from '#runs/rows'
import { openStateFile } from '#runs/state-file'
import { newStore, type Store } from '#runs/store'
import { sweep } from '#runs/sweep'
import { seeded } from '../random.ts'

class Crash extends Error {}

export const spec: RunSpec = {
  workload: {
    image: null,
    entrypoint: null,
    command: ['serve'],
    environment: {},
    workingDirectory: null,
    home: '/root',
    port: 8000,
    registryAuth: null,
    shmMib: null,
    cpus: null,
    memoryMib: null,
    gpuCount: 0,
    maxDurationSeconds: null,
    projectDirectory: null,
  },
  replicas: { min: 1, max: 3 },
  retryPolicy: { retry: true, durationSeconds: null },
  maxDurationSeconds: null,
  maxPriceNanoUsd: 1_000_000_000,
  diskMib: null,
  reuse: 'first',
  idleSeconds: 300,
  pool: 'default-pool',
  instanceName: null,
  attempts: 15,
  request: '',
}

const instanceType = {
  name: 'sim.cpu2',
  cpus: 2,
  memoryMib: 4096,
  gpu: null,
  gpuCount: 0,
  diskMib: null,
  architecture: null,
} as const

/** Cheapest first: 0.1, 0.2 … dollars an hour. */
const offersOf = (count: number): readonly Offer[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `simulator/sim-${at}/sim.cpu2/${at % 2 === 0 ? 'spot' : 'on-demand'}`,
    backend: 'simulator',
    region: `sim-${at}`,
    instanceType,
    spot: at % 2 === 0,
    priceNanoUsd: (at + 1) * 100_000_000,
    stock: 'unknown' as const,
    observation: { source: 'test', observedAt: '2026-11-24T12:00:00Z' },
  }))

export const newWorld = (options: { readonly runtime?: 'vm' | 'container' } = {}) => {
  const runtime = options.runtime ?? 'container'
  let nowMs = Date.parse('2026-11-24T12:00:00Z')
  const cloud: CloudState = newCloudState(7)
  const faults: { call: string; fault: Fault }[] = []
  const full = new Set<string>()
  const rules: SimulatorRules = {
    capacity: (id) => (full.has(id) ? 0 : 8),
    fault: (call) => {
      const at = faults.findIndex((one) => one.call === call)
      return at < 0 ? null : (faults.splice(at, 1)[0]?.fault ?? null)
    },
    startMs: () => 4000,
    visibleMs: () => 3000,
    destroyMs: () => 3000,
    reclaimMs: () => null,
  }
  const simulation = {
    rules,
    runtime,
    idempotency: 'none',
    within: <T>(work: (state: CloudState) => T): T => work(cloud),
  } as const
  const traits = { runtime, idempotency: 'none' } as const
  const provisioner = simulatorProvisioner(() => simulation, undefined, traits)
  const clock = {
    nowMs: () => nowMs,
    sleep: async (delayMs: number) => {
      nowMs += delayMs
    },
  }
  const database = openStateFile(':memory:', { durable: false })
  const store = newStore(database, clock.nowMs)
  const random = seeded(11)
  const offers = offersOf(4)

  /** A process: it dies for good at the step it was told, and does nothing any more. */
  const process = (holder: string, crashAt = Infinity) => {
    const { signal } = new AbortController()
    let steps = 0
    const step = (): void => {
      steps += 1
      if (steps >= crashAt) throw new Crash()
    }
    const mortal = <T extends object>(whole: T, names: (name: string) => boolean): T =>
      new Proxy(whole, {
        get: (target, name, self): unknown => {
          const member: unknown = Reflect.get(target, name, self)
          if (typeof member !== 'function' || !names(String(name))) return member
          return (...given: unknown[]): unknown => {
            step()
            const answer: unknown = Reflect.apply(member, target, given)
            if (answer instanceof Promise) {
              return answer.then((value: unknown) => {
                step()
                return value
              })
            }
            if (name === 'atomically') step()
            return answer
          }
        },
      })
    const calls = new Set(['create', 'observe', 'list', 'destroy', 'destroySideObject', 'renew'])
    const writes = /^(add|change|note|sideObjectGone|coolDown$|atomically|takeLease)/
    const own: Store = mortal(store, (name) => writes.test(name))
    const backend = {
      provisioner: mortal(provisioner, (name) => calls.has(name)),
      io: (note: CloudIo['note']): CloudIo => ({
        note,
        signal,
        sleep: (delayMs) => clock.sleep(delayMs),
        instant: () => printInstant(nowMs),
        credentials: {},
        secretFile: () => null,
        keepSecret: () => undefined,
        call: async () => {
          throw new Error('the simulator makes no calls')
        },
      }),
    }
    const hands: Hands = {
      store: own,
      holder,
      clock,
      random: () => random.next(),
      backend: async () => backend,
      offers: async () => offers,
      matches: () => () => true,
      workload: (run) => run.spec.workload,
      machines: {
        access: () => ({ user: 'root', publicKey: '', userData: '' }),
        start: async () => undefined,
        observe: async () => ({ phase: 'running' }),
        stop: async () => undefined,
      },
      signal,
    }
    return { hands, steps: () => steps }
  }

  const troubles: unknown[] = []
  const tell = (_: string, error: unknown): void => {
    if (!(error instanceof Crash)) troubles.push(error)
  }
  const pass = (hands: Hands): Promise<void> => reconcile(hands, tell)
  /** Until nothing has moved for a while. */
  const settle = async (hands: Hands, seconds = 240): Promise<void> => {
    for (const endMs = nowMs + seconds * 1000; nowMs < endMs;) {
      const before = store.transitionsWritten()
      await pass(hands)
      if (store.transitionsWritten() === before) nowMs += 10_000
    }
    await sweep(hands, tell)
  }
  const alive = () => cloud.machines.filter((one) => one.tags !== null && isOn(one, nowMs))
  return {
    cloud,
    faults,
    full,
    store,
    database,
    troubles,
    offers,
    chance: () => ({ nowMs, random: () => random.next() }),
    advance: (ms: number) => {
      nowMs += ms
    },
    nowMs: () => nowMs,
    process,
    pass,
    settle,
    alive,
    /** The ids of machines in the cloud and in the books, which must be the same. */
    books: () => ({
      cloud: alive()
        .map(({ id }) => id)
        .sort(),
      ledger: store
        .instances()
        .map(({ refId }) => refId)
        .sort(),
    }),
  }
}

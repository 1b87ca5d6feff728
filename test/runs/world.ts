/** Runs on the simulated cloud in memory, with a clock that stands still until it is told to go. */
import type { CloudIo } from '#backends/kit/cloud-io'
import type { WorkloadState } from '#backends/kit/provisioner'
import { addMachine, type CloudState, newCloudState } from '#backends/simulator/cloud'
import { isOn, type SimulatedMachine } from '#backends/simulator/machine'
import { type Simulation, simulatorProvisioner } from '#backends/simulator/provisioner'
import type { Fault, SimulatorRules } from '#backends/simulator/rules'
import { type Offer, offerId } from '#domain/offer'
import { printInstant } from '#platform/http-time'
import { SshFailure } from '#platform/ssh'
import type { BackendHands, Hands } from '#runs/hands'
import { reconcile } from '#runs/reconcile'
import type { RunSpec } from '#runs/rows'
import { sweep } from '#runs/sweep'
import { anInstanceType, anOffer } from '../builders.ts'
import { seeded } from '../random.ts'
import { type Books, emptied, openBooks } from './books.ts'
import { Crash, type Mortal, newProcess } from './process.ts'

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

/** Cheapest first: 0.1, 0.2 … dollars an hour; every other one is spot. */
export const offersOf = (count: number, backend = 'simulator'): readonly Offer[] =>
  Array.from({ length: count }, (_, at) => {
    const region = `sim-${at}`
    const spot = at % 2 === 0
    return {
      ...anOffer({
        backend,
        region,
        spot,
        instanceType: anInstanceType({ name: 'sim.cpu2' }),
        priceNanoUsd: (at + 1) * 100_000_000,
      }),
      id: offerId(backend, region, 'sim.cpu2', spot),
    }
  })

export interface WorldOptions {
  readonly runtime?: Simulation['runtime']
  readonly idempotency?: Simulation['idempotency']
  readonly offers?: readonly Offer[]
  /** Emptied first. */
  readonly books?: Books
  readonly rules?: Partial<SimulatorRules>
}

export const newWorld = (options: WorldOptions = {}) => {
  const { runtime = 'container', idempotency = 'none', offers = offersOf(4) } = options
  const { database, store, time } = options.books ? emptied(options.books) : openBooks()
  const cloud: CloudState = newCloudState(7)
  const faults: { readonly call: string; readonly fault: Fault }[] = []
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
    ...options.rules,
  }
  const simulation: Simulation = { rules, runtime, idempotency, within: (work) => work(cloud) }
  const provisioner = simulatorProvisioner(() => simulation, undefined, { runtime, idempotency })
  const clock = {
    nowMs: () => time.nowMs,
    sleep: async (delayMs: number) => {
      time.nowMs += delayMs
    },
  }
  const random = seeded(11)
  /** Of machines: what became of their command, where it does not run. */
  const ended = new Map<string, WorkloadState>()
  /** Backends that cannot be used. */
  const absent = new Set<string>()
  const stopped: string[] = []
  /** Machines that let nobody in. */
  const cutOff = new Set<string>()

  const io = (note: CloudIo['note'], signal: AbortSignal): CloudIo => ({
    note,
    signal,
    sleep: (delayMs) => clock.sleep(delayMs),
    instant: () => printInstant(time.nowMs),
    credentials: {},
    secretFile: () => null,
    keepSecret: () => undefined,
    call: async () => {
      throw new Error('the simulator makes no calls')
    },
  })
  const backend: BackendHands = { provisioner, io }
  const machines: Hands['machines'] = {
    access: () => ({ user: 'root', publicKey: '', userData: '' }),
    start: async () => undefined,
    observe: async ({ refId }) => {
      if (cutOff.has(refId)) throw new SshFailure('unreachable', 'nobody answers')
      return ended.get(refId) ?? { phase: 'running' }
    },
    stop: async ({ refId }) => {
      stopped.push(refId)
      ended.delete(refId)
    },
  }
  const given = {
    store,
    clock,
    random: () => random.next(),
    backend: async (name: string) => (absent.has(name) ? null : backend),
    offers: async () => offers,
    matches: () => () => true,
    workload: ({ spec: { workload } }: { readonly spec: RunSpec }) => workload,
    machines,
  }
  const process = (holder: string, crashAt = Infinity): Mortal => newProcess(given, holder, crashAt)

  const troubles: unknown[] = []
  const tell = (_: string, error: unknown): void => {
    if (!(error instanceof Crash)) troubles.push(error)
  }
  const pass = (hands: Hands): Promise<void> => reconcile(hands, tell)
  const sweepOnce = async (hands: Hands): Promise<void> => {
    await sweep(hands, tell)
  }
  /** So many seconds of passes, and a sweep. */
  const settle = async (hands: Hands, seconds = 240): Promise<void> => {
    for (const endMs = time.nowMs + seconds * 1000; time.nowMs < endMs;) {
      const before = store.transitionsWritten()
      await pass(hands)
      if (store.transitionsWritten() === before) time.nowMs += 10_000
    }
    await sweepOnce(hands)
  }
  const isForeign = ({ tags }: SimulatedMachine): boolean => tags?.owner === 'stranger'
  const on = () => cloud.machines.filter((one) => isOn(one, time.nowMs))
  /** Ours. */
  const alive = () => on().filter((one) => one.tags !== null && !isForeign(one))
  /** Machines without a tag, and of another owner, as any account has them. */
  const addForeign = () => {
    const tags = { owner: 'stranger', run: '', attempt: '', expiresAt: printInstant(time.nowMs) }
    for (const one of [null, tags]) {
      const order = { name: 'dso-of-nobody', tags: one, offerId: '', region: '', spot: false }
      addMachine(cloud, rules, { ...order, rateNanoUsd: 1, dies: false }, time.nowMs)
    }
  }
  return {
    cloud,
    faults,
    full,
    ended,
    absent,
    stopped,
    cutOff,
    store,
    database,
    troubles,
    offers,
    backend,
    chance: () => ({ nowMs: time.nowMs, random: () => random.next() }),
    advance: (ms: number) => {
      time.nowMs += ms
    },
    nowMs: () => time.nowMs,
    process,
    pass,
    sweep: sweepOnce,
    settle,
    alive,
    addForeign,
    foreign: () => on().filter((one) => one.tags === null || isForeign(one)),
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

export type World = ReturnType<typeof newWorld>

/** The runs themselves, with one backend and its fake cloud, on a virtual clock. */
import type { CloudIo } from '#backends/kit/cloud-io'
import type { SideObject } from '#domain/launch'
import type { Offer } from '#domain/offer'
import type { BackendHands, Hands, Machines } from '#runs/hands'
import { reconcile } from '#runs/reconcile'
import type { Instance, Run, RunSpec } from '#runs/rows'
import { openStateFile } from '#runs/state-file'
import { newStore, type Store } from '#runs/store'
import { stopRun, submitRun } from '#runs/submit'
import { seeded } from '../random.ts'
import type { AdapterUnderTest } from './adapter-under-test.ts'
import { newProcess, type ProcessUnderTest } from './process-under-test.ts'
import { accessOf, aWorkload } from './what-runs.ts'

const passMs = 5000

/** Longer than the lease of a process that has died. */
const takeOverMs = 61_000

export interface CoreUnderTest {
  readonly store: Store
  readonly troubles: string[]
  readonly process: ProcessUnderTest
  hands(): Hands
  submit(name: string, over?: Partial<RunSpec>): Run
  stop(name: string): void
  /** The process dies; another one takes over, which may be killed too. */
  restart(killAt?: number | null): Promise<void>
  /** One pass, or as much of it as the process lives; then five seconds. */
  pass(): Promise<void>
  /** Throws where it takes more passes than that. */
  until(what: string, isReached: () => boolean, passes?: number): Promise<void>
  /** Ids of the machines in the books, sorted. */
  booked(): readonly string[]
  /** Ids of the machines of ours at the cloud, sorted. */
  there(): readonly string[]
  close(): void
}

const theSpec: RunSpec = {
  workload: aWorkload,
  replicas: { min: 1, max: 1 },
  retryPolicy: { retry: false, durationSeconds: null },
  maxDurationSeconds: null,
  maxPriceNanoUsd: null,
  diskMib: null,
  reuse: 'never',
  idleSeconds: 0,
  pool: 'default-pool',
  instanceName: null,
  attempts: 20,
  request: '',
}

const machinesOf = (process: ProcessUnderTest): Machines => ({
  access: (name) => accessOf(name),
  start: () => process.awaiting(async () => undefined),
  observe: () => process.awaiting(async () => ({ phase: 'running' }) as const),
  stop: () => process.awaiting(async () => undefined),
})

const ioOf = (
  process: ProcessUnderTest,
  given: CloudIo,
  note: (object: SideObject) => void,
): CloudIo => ({
  ...given,
  call: (call) => process.awaiting(() => given.call(call)),
  sleep: (delayMs) => process.awaiting(() => given.sleep(delayMs)),
  note: (object) => process.writing(() => note(object)),
})

const isWrite = (key: string | symbol): boolean =>
  /^(add|change|note|sideObjectGone|coolDown$|forget|atomically|takeLease|dropLease|owner|prune)/.test(
    String(key),
  )

/** A dead process reads and writes nothing; a live one may die at every write. */
const storeOf = (process: ProcessUnderTest, store: Store): Store =>
  new Proxy(store, {
    get: (target, key, receiver) => {
      const method: unknown = Reflect.get(target, key, receiver)
      if (typeof method !== 'function') return method
      return (...given: readonly unknown[]): unknown => {
        const work = (): unknown => Reflect.apply(method, target, given)
        return isWrite(key) ? process.writing(work) : process.reading(work)
      }
    },
  })

/** Ids of machines of ours, whichever owner's. */
const oursAt = ({ fake }: AdapterUnderTest): readonly string[] =>
  fake.model
    .machines()
    .filter(({ name }) => name.startsWith('dso-'))
    .map(({ id }) => id)
    .sort()

const isBooked = ({ status }: Instance): boolean => status !== 'terminated'

export const openCore = (
  under: AdapterUnderTest,
  options: { readonly offers?: readonly Offer[]; readonly seed?: number } = {},
): CoreUnderTest => {
  const { clock, provisioner, one } = under
  const { offers = one.offers } = options
  const random = seeded(options.seed ?? 1)
  const store = newStore(openStateFile(':memory:', { durable: false }), () => clock.nowMs())
  const troubles: string[] = []
  let process = newProcess(null)
  let generation = 0
  if (one.callsByItself) under.fake.between = (work) => process.awaiting(work)

  const handsOf = (mine: ProcessUnderTest): Hands => {
    const backend: BackendHands = {
      provisioner,
      io: (note, signal) => ioOf(mine, under.io(note, signal), note),
    }
    return {
      store: storeOf(mine, store),
      holder: `process-${generation}`,
      clock: {
        nowMs: () => clock.nowMs(),
        sleep: (delayMs, signal) => mine.awaiting(() => clock.sleep(delayMs, signal)),
      },
      random: () => random.next(),
      backend: async (name) => (name === one.launcher.name ? backend : null),
      offers: async () => offers,
      matches: () => () => true,
      workload: ({ spec }) => spec.workload,
      machines: machinesOf(mine),
      signal: new AbortController().signal,
    }
  }

  const pass = async (): Promise<void> => {
    const mine = process
    const told = (where: string, error: unknown): void => {
      troubles.push(`${where}: ${String(error)}`)
    }
    const work = reconcile(handsOf(mine), told).catch((error: unknown) => {
      if (!mine.isDead) throw error
    })
    await Promise.race([work, mine.killed])
    clock.advance(passMs)
  }

  return {
    store,
    troubles,
    get process() {
      return process
    },
    hands: () => handsOf(process),
    submit: (name, over = {}) =>
      submitRun(
        store,
        { name, spec: { ...theSpec, ...over } },
        { nowMs: clock.nowMs(), random: () => random.next() },
      ),
    stop: (name) => {
      stopRun(store, name, 'stopped-by-user')
    },
    restart: async (killAt = null) => {
      await process.quiet()
      generation += 1
      process = newProcess(killAt)
      clock.advance(takeOverMs)
    },
    pass,
    until: async (what, isReached, passes = 300) => {
      for (let done = 0; !isReached(); done++) {
        if (done === passes) {
          throw new Error(`never came: ${what}; troubles: ${troubles.slice(-3).join('; ')}`)
        }
        await pass()
      }
    },
    booked: () =>
      store
        .instances()
        .filter(isBooked)
        .map(({ refId }) => refId)
        .sort(),
    there: () => oursAt(under),
    close: () => store.close(),
  }
}

/** What may happen to runs, in any order, and what must be true once it is quiet again. */
import { expect } from 'vitest'
import { RunsLockedError } from '#domain/errors'
import type { FailureClass, FailureScope } from '#domain/launch'
import type { Fault } from '#backends/simulator/rules'
import { isAtRest } from '#runs/look-after'
import { removeFromPool } from '#runs/pool-commands'
import { scaleRun, stopRun, submitRun } from '#runs/submit'
import type { Mortal, Side } from './process.ts'
import { spec, type World } from './world.ts'

export type Event =
  | {
      readonly do: 'submit'
      readonly name: number
      readonly replicas: number
      readonly idle: number
    }
  | { readonly do: 'stop'; readonly name: number }
  | { readonly do: 'scale'; readonly name: number; readonly to: number }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'crash'; readonly after: number }
  | { readonly do: 'sleep'; readonly call: string; readonly side: Side }
  | { readonly do: 'wake' }
  | { readonly do: 'fault'; readonly call: string; readonly fault: Fault }
  | { readonly do: 'refuse'; readonly class: FailureClass; readonly scope: FailureScope }
  | { readonly do: 'room'; readonly offer: number }
  | { readonly do: 'reclaim'; readonly which: number }
  | { readonly do: 'cut'; readonly which: number; readonly seconds: number }
  | { readonly do: 'exit'; readonly which: number; readonly exitCode: number }
  | { readonly do: 'remove'; readonly which: number }
  | { readonly do: 'sweep' }

/** Two of four offers are within it, of which one may turn out dearer. */
const limitNanoUsd = 250_000_000

const nameOf = (which: number): string => `run-${which}`

interface Sleeper {
  readonly wake: () => void
  readonly pass: Promise<void>
}

/** Plays events against a world, with one process at a time that has not died or fallen asleep. */
export class Play {
  readonly world: World
  #process: Mortal
  #processes = 1
  #sleepers: Sleeper[] = []
  #hasSlept = false

  constructor(world: World) {
    this.world = world
    this.#process = world.process('process-1')
  }

  /** Another process; the lease of the one before it runs out first. */
  #replace(): void {
    this.#processes += 1
    this.#process = this.world.process(`process-${this.#processes}`)
    this.world.advance(61_000)
  }

  async #run(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => {
      // One that has slept may be back before anyone else has come.
      if (error instanceof RunsLockedError) this.world.advance(61_000)
      else if (!this.#process.isDead()) throw error
    })
    if (this.#process.isDead()) this.#replace()
  }

  #pass(): Promise<void> {
    return this.#run(this.world.pass(this.#process.hands))
  }

  async #sleep(call: string, side: Side): Promise<void> {
    let wake = (): void => undefined
    let fallAsleep = (): void => undefined
    const asleep = new Promise<'asleep'>((resolve) => {
      fallAsleep = () => resolve('asleep')
    })
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    let isHeld = false
    const sleeper = this.#process
    sleeper.holdUp((at, when) => {
      if (isHeld || at !== call || when !== side) return null
      isHeld = true
      fallAsleep()
      return woken
    })
    // Once it has lost the lease, it is told so.
    const pass = this.world.pass(sleeper.hands).catch(() => undefined)
    const first = await Promise.race([pass, asleep])
    sleeper.holdUp(null)
    if (first === 'asleep') {
      this.#sleepers.push({ wake, pass })
      this.#hasSlept = true
      this.#replace()
    } else if (sleeper.isDead()) this.#replace()
  }

  async #wake(): Promise<void> {
    for (const { wake, pass } of this.#sleepers.splice(0)) {
      wake()
      await pass
    }
  }

  #submit({ name, replicas, idle }: Extract<Event, { do: 'submit' }>): void {
    const { store } = this.world
    const before = store.runNamed(nameOf(name))
    if (before !== null && before.endedMs === null) return
    const wanted = {
      ...spec,
      replicas: { min: replicas, max: 3 },
      maxPriceNanoUsd: limitNanoUsd,
      idleSeconds: idle,
    }
    submitRun(store, { name: nameOf(name), spec: wanted }, this.world.chance())
  }

  #change(which: number, change: (id: string) => void): void {
    const machines = this.world.alive()
    const machine = machines[which % Math.max(1, machines.length)]
    if (machine) change(machine.id)
  }

  #reclaim(which: number): void {
    const { cloud } = this.world
    this.#change(which, (id) => {
      cloud.machines = cloud.machines.map((one) =>
        one.id === id ? { ...one, reclaimedMs: this.world.nowMs() } : one,
      )
    })
  }

  /** A machine lets nobody in for a while, in which somebody looks again and again. */
  async #cut({ which, seconds }: Extract<Event, { do: 'cut' }>): Promise<void> {
    const { world } = this
    this.#change(which, (id) => world.cutOff.add(id))
    for (let left = seconds; left > 0; left -= 60) {
      await this.#pass()
      world.advance(60_000)
    }
    await this.#pass()
    world.cutOff.clear()
  }

  async happen(event: Event): Promise<void> {
    const { world } = this
    switch (event.do) {
      case 'submit':
        return this.#submit(event)
      case 'stop':
        if (world.store.runNamed(nameOf(event.name))) {
          stopRun(world.store, nameOf(event.name), 'stopped-by-user')
        }
        return undefined
      case 'scale': {
        const run = world.store.runNamed(nameOf(event.name))
        if (run) scaleRun(world.store, run.name, Math.max(run.spec.replicas.min, event.to))
        return undefined
      }
      case 'pass':
        world.advance(event.seconds * 1000)
        return this.#pass()
      case 'crash':
        this.#process.dieAfter(event.after)
        return undefined
      case 'sleep':
        return this.#sleep(event.call, event.side)
      case 'wake':
        return this.#wake()
      case 'fault':
        world.faults.push({ call: event.call, fault: event.fault })
        return undefined
      case 'refuse':
        world.faults.push({
          call: 'create',
          fault: { kind: 'refused', class: event.class, scope: event.scope },
        })
        return undefined
      case 'room': {
        const id = world.offers[event.offer]?.id ?? ''
        if (!world.full.delete(id)) world.full.add(id)
        return undefined
      }
      case 'reclaim':
        return this.#reclaim(event.which)
      case 'cut':
        return this.#cut(event)
      case 'exit':
        return this.#change(event.which, (id) => {
          world.ended.set(id, { phase: 'exited', exitCode: event.exitCode, reason: null })
        })
      case 'remove': {
        const machines = world.store.instances()
        const machine = machines[event.which % Math.max(1, machines.length)]
        if (machine) removeFromPool(world.store, machine.name)
        return undefined
      }
      case 'sweep':
        return this.#run(world.sweep(this.#process.hands))
    }
  }

  /** Passes until nothing moves, long enough for everything that is late to be seen. */
  async #untilQuiet(isEnough: () => boolean): Promise<void> {
    for (let quiet = 0, passes = 0; quiet < 4; passes += 1) {
      if (passes > 100) throw new Error('it never came to rest')
      const before = this.world.store.transitionsWritten()
      await this.#pass()
      const hasMoved = this.world.store.transitionsWritten() !== before
      if (hasMoved) quiet = 0
      else {
        this.world.advance(40_000)
        if (isEnough()) quiet += 1
      }
    }
  }

  /** Nothing fails any more, and everything comes to rest. */
  async calmDown(): Promise<void> {
    const { world } = this
    await this.#wake()
    this.#process.dieAfter(Infinity)
    world.faults.length = 0
    world.full.clear()
    await this.#untilQuiet(() => isAtRest(world.store))
    // A sweep is for what a process that slept through its lease has left; all else needs none.
    if (!this.#hasSlept) expectInOrder(world)
    await world.sweep(this.#process.hands)
    world.advance(5000)
    await this.#pass()
    await world.sweep(this.#process.hands)
  }

  async stopAll(): Promise<void> {
    const { world } = this
    for (const run of world.store.runs(false)) stopRun(world.store, run.name, 'stopped-by-user')
    for (const { id } of world.store.instances()) {
      const machine = world.store.instance(id)
      if (machine?.status === 'idle') removeFromPool(world.store, machine.name)
    }
    await this.#untilQuiet(() => world.store.runs(false).length === 0 && isAtRest(world.store))
    for (const machine of world.store.instances()) removeFromPool(world.store, machine.name)
    await this.#untilQuiet(() => world.store.instances().length === 0)
  }
}

/** The books and the cloud agree, whatever has happened. */
export const expectInOrder = (world: World): void => {
  const { store, cloud } = world
  const { cloud: machines, ledger } = world.books()
  expect(ledger).toEqual(machines)
  expect(cloud.totals.doubles).toBe(0)
  const disks = cloud.sideObjects.filter(({ tags }) => tags !== null).map(({ id }) => id)
  expect(disks.toSorted()).toEqual(
    store
      .instances()
      .map(({ name }) => `${name}-disk`)
      .toSorted(),
  )
  expect(
    store
      .sideObjects()
      .map(({ id }) => id)
      .toSorted(),
  ).toEqual(disks.toSorted())
  const rates = world.alive().map(({ rateNanoUsd }) => rateNanoUsd)
  expect(rates.filter((rate) => rate > limitNanoUsd)).toEqual([])
  const serving = store.instances().flatMap(({ runId, replica }) => runId && `${runId} ${replica}`)
  const held = serving.filter(Boolean)
  expect(new Set(held).size).toBe(held.length)
  for (const run of store.runs(true)) {
    const prices = store.attempts(run.id).filter(({ sentMs }) => sentMs !== null)
    expect(prices.filter(({ offer }) => (offer.priceNanoUsd ?? Infinity) > limitNanoUsd)).toEqual(
      [],
    )
  }
}

/** Nothing is left but what others have there. */
export const expectEmpty = (world: World): void => {
  expect(world.alive()).toEqual([])
  expect(world.foreign()).toHaveLength(2)
  expect(world.store.runs(false)).toEqual([])
}

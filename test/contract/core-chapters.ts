/** Chapters of the contract that need the runs above the adapter. */
import { expect, it } from 'vitest'
import type { SideObject } from '#domain/launch'
import { reapBackend } from '#runs/reaper'
import { sweep } from '#runs/sweep'
import { type AdapterUnderTest, planOf, requestOf, tagsOf } from './adapter-under-test.ts'
import type { Chapters } from './chapters.ts'
import { type CoreUnderTest, openCore } from './core-under-test.ts'
import { rowOf } from './provisioner-case.ts'

const isOver = (core: CoreUnderTest, name: string): boolean =>
  core.store.runNamed(name)?.endedMs !== null

const isRunning = (core: CoreUnderTest, name: string): boolean =>
  core.store.runNamed(name)?.status === 'running'

/** Everything that was made is in the books, and the other way round; no name was given twice. */
const expectTrueBooks = (core: CoreUnderTest, { fake }: AdapterUnderTest): void => {
  expect(core.booked()).toEqual(core.there())
  const names = fake.model.namesGiven().filter((name) => name.startsWith('dso-'))
  expect(new Set(names).size).toBe(names.length)
}

const stopAll = async (core: CoreUnderTest, under: AdapterUnderTest): Promise<void> => {
  for (const run of core.store.runs(false)) core.stop(run.name)
  const isClear = (): boolean =>
    core.store.runs(false).length === 0 &&
    core.store.instances().length === 0 &&
    core.store.sideObjects().length === 0
  await core.until('the end of everything', isClear)
  await sweep(core.hands(), (where, error) => core.troubles.push(`${where}: ${String(error)}`))
  await core.until('the end of what was swept', () => core.there().length === 0)
  expect(under.fake.model.sideObjects()).toEqual([])
}

const startChapters = ({ open, one }: Chapters): void => {
  it('runs, and leaves nothing behind when it is stopped', async () => {
    const under = await open()
    const core = openCore(under)
    core.submit('serve')
    await core.until('it runs', () => isRunning(core, 'serve'))
    expectTrueBooks(core, under)
    expect(core.there()).toHaveLength(1)
    await stopAll(core, under)
  })

  for (const kind of ['lose-answer', 'lose-request'] as const) {
    it(`P02 ends with exactly one machine where the call that makes it ${kind === 'lose-answer' ? 'loses its answer' : 'is lost'}`, async () => {
      const under = await open()
      const core = openCore(under)
      under.fake.inject({ kind }, one.isCreate)
      core.submit('serve')
      await core.until('it runs', () => isRunning(core, 'serve'))
      expectTrueBooks(core, under)
      expect(core.there()).toHaveLength(1)
      await stopAll(core, under)
    })
  }

  it('P09 P10 waits for machines that show up late, as do their addresses', async () => {
    const under = await open({ hiddenReads: 1, addressMs: 45_000 })
    const isHidden = under.provisioner.traits.listConsistencySeconds > 0
    if (!isHidden) under.fake.model.knobs.hiddenReads = 0
    const core = openCore(under)
    core.submit('serve')
    await core.until('it runs', () => isRunning(core, 'serve'))
    expect(core.there()).toHaveLength(1)
    expect(under.fake.model.namesGiven()).toHaveLength(1)
    await stopAll(core, under)
  })

  it('P20 keeps no machine of a run that was stopped while it was being made', async () => {
    const under = await open()
    const core = openCore(under)
    let release: () => void = () => undefined
    const until = new Promise<void>((resolve) => {
      release = resolve
    })
    under.fake.inject({ kind: 'hold', until }, one.isCreate)
    core.submit('serve')
    const pass = core.pass()
    while (!under.fake.asked.some(one.isCreate))
      await new Promise((resolve) => setTimeout(resolve, 1))
    core.stop('serve')
    release()
    await pass
    await core.until('the run is over', () => isOver(core, 'serve'))
    expect(under.fake.asked.filter(one.isCreate)).toHaveLength(1)
    await stopAll(core, under)
  })
}

const failOverChapters = ({ open, one, skip }: Chapters): void => {
  it('takes the next offer where there is no capacity, in the order of the offers', async (test) => {
    const row = rowOf(one, 'no-capacity') ?? rowOf(one, 'offer-gone')
    if (row === null) return skip(test, 'failover', 'its table has no lack of capacity')
    const under = await open()
    const core = openCore(under)
    const count = one.offers.length - 1
    under.fake.inject({ kind: 'refuse', reply: one.errorReply(row) }, one.isCreate, count)
    core.submit('serve')
    await core.until('it runs', () => isRunning(core, 'serve'))
    const run = core.store.runNamed('serve')
    const tried = core.store.attempts(run?.id ?? '').map(({ offer }) => offer.id)
    expect(tried).toEqual(one.offers.map(({ id }) => id))
    await stopAll(core, under)
  })

  it('P21 asks no further where the credentials are refused', async (test) => {
    const denied = rowOf(one, 'auth')
    if (denied === null) return skip(test, 'P21', 'its table has no refusal of credentials')
    const under = await open()
    const core = openCore(under)
    under.fake.inject({ kind: 'refuse', reply: one.errorReply(denied) }, one.isCreate, 9)
    core.submit('serve')
    await core.until('the run is over', () => isOver(core, 'serve'))
    expect(under.fake.asked.filter(one.isCreate)).toHaveLength(1)
  })

  it('P22 leaves what has reached its limit alone, and nothing else', async (test) => {
    const limited = rowOf(one, 'quota')
    if (limited === null) return skip(test, 'P22', 'its table has no limit of an account')
    const under = await open()
    const core = openCore(under)
    under.fake.inject({ kind: 'refuse', reply: one.errorReply(limited) }, one.isCreate)
    core.submit('serve')
    const isSettled = (): boolean => isRunning(core, 'serve') || isOver(core, 'serve')
    await core.until('it runs or is over', isSettled)
    expect(isRunning(core, 'serve')).toBe(limited.scope !== 'backend')
    expect(core.there()).toHaveLength(limited.scope === 'backend' ? 0 : 1)
  })

  it('P18 makes nothing that can cost more than max_price', async () => {
    const under = await open()
    const core = openCore(under)
    core.submit('serve', { maxPriceNanoUsd: 1 })
    await core.until('the run is over', () => isOver(core, 'serve'))
    expect(under.fake.asked.filter(one.isCreate)).toEqual([])
  })
}

const reapChapters = ({ open, one, skip }: Chapters): void => {
  it('P12 removes what has expired, and spares what lives, with clocks five minutes apart', async (test) => {
    const under = await open()
    const core = openCore(under)
    if (under.provisioner.traits.tags !== 'tags') {
      return skip(test, 'P12 by tag', 'its machines carry no expiry: only the books know it')
    }
    const backend = {
      provisioner: under.provisioner,
      io: (note: (object: SideObject) => void, signal: AbortSignal) => under.io(note, signal),
    }
    const owner = 'lostown1'
    const tags = { ...tagsOf(1, owner), expiresAt: '2026-11-24T12:10:00Z' }
    const made = await under.provisioner.create(
      under.io(),
      planOf(under, one.offers[0], requestOf(under, tags)),
    )
    under.fake.model.addForeign('web-1')
    const reap = () =>
      reapBackend(core.hands(), one.launcher.name, backend, {
        owner,
        onlyExpired: true,
        dryRun: false,
      })
    under.clock.advance(14 * 60_000)
    expect(await reap()).toEqual([])
    under.clock.advance(2 * 60_000)
    const reaped = await reap()
    const machines = reaped.filter(({ what }) => what === 'instance')
    expect(machines.map(({ id }) => id)).toEqual([made.ref.id])
    expect(new Set(reaped.map(({ why }) => why))).toEqual(new Set(['expired']))
    expect(under.fake.model.machines().map(({ name }) => name)).toEqual(['web-1'])
  })

  it('P12 removes machines of its own that are in no book', async () => {
    const under = await open()
    const core = openCore(under)
    core.submit('serve')
    await core.until('it runs', () => isRunning(core, 'serve'))
    const owner = core.hands().store.owner(() => 'never', 0)
    const stray = requestOf(under, tagsOf(7, owner))
    await under.provisioner.create(under.io(), planOf(under, one.offers[0], stray))
    expect(core.there()).toHaveLength(2)
    await sweep(core.hands(), (where, error) => core.troubles.push(`${where}: ${String(error)}`))
    await core.until('one is left', () => core.there().length === 1)
    expectTrueBooks(core, under)
  })

  it('P13 cleans up after a machine that was taken back', async (test) => {
    const { spotOffer } = one
    if (spotOffer === null) return skip(test, 'P13 under the runs', 'it has no spot offers')
    const under = await open()
    const core = openCore(under, { offers: [spotOffer] })
    core.submit('serve')
    await core.until('it runs', () => isRunning(core, 'serve'))
    under.fake.model.reclaim?.(core.there()[0] ?? '')
    await core.until('the run is over', () => isOver(core, 'serve'))
    expect(core.store.runNamed('serve')?.status).toBe('failed')
    await stopAll(core, under)
  })
}

/** One launch and its end, cut off at one place, and gone on with by another process. */
const launchKilledAt = async (
  under: AdapterUnderTest,
  killAt: number | null,
): Promise<{ readonly points: number }> => {
  const core = openCore(under, { seed: killAt ?? 0 })
  const reached = async (what: string, is: () => boolean): Promise<void> => {
    for (let passes = 0; !is(); passes++) {
      if (core.process.isDead) await core.restart()
      if (passes === 300) throw new Error(`never came: ${what}`)
      await core.pass()
    }
  }
  try {
    await core.restart(killAt)
    const first = core.process
    core.submit('serve')
    await reached('it runs', () => isRunning(core, 'serve'))
    expectTrueBooks(core, under)
    expect(core.there()).toHaveLength(1)
    core.stop('serve')
    await reached('its end', () => isOver(core, 'serve'))
    const { points } = first
    expect(first.isDead).toBe(killAt !== null)
    if (core.process.isDead) await core.restart()
    await stopAll(core, under)
    return { points }
  } finally {
    core.close()
  }
}

export const killChapters = ({ open, one }: Chapters): void => {
  it('P15 is killed at every await and every write of a launch: no leak, no double', async () => {
    const under = await open()
    const fresh = () => under.fake.become(one.newModel(under.clock, under.fake.model.knobs))
    const { points } = await launchKilledAt(under, null)
    expect(points).toBeGreaterThan(20)
    for (let killAt = 1; killAt <= points; killAt++) {
      fresh()
      await launchKilledAt(under, killAt).catch((error: unknown) => {
        throw new Error(`killed at ${killAt} of ${points}: ${String(error)}`, { cause: error })
      })
    }
    console.log(`${one.launcher.name}: P15 killed at each of ${points} places`)
  }, 1_200_000)
}

/** One launch that is told to stop at one of its awaits, where a signal is heard. */
const launchStoppedAt = async (under: AdapterUnderTest, at: number | null): Promise<number> => {
  const core = openCore(under, { seed: at ?? 0 })
  try {
    if (at !== null) core.process.atAwait(at, () => core.stop('serve'))
    core.submit('serve')
    const isDone = (): boolean => isOver(core, 'serve') || (at === null && isRunning(core, 'serve'))
    await core.until('it runs or is over', isDone)
    const { awaits } = core.process
    if (at !== null) expect(core.store.runNamed('serve')?.status).toBe('terminated')
    // Nothing is left that would need a sweep: those come rarely.
    if (at === null) core.stop('serve')
    await core.until(
      'the end of what was made',
      () => core.store.instances().length === 0 && core.store.sideObjects().length === 0,
    )
    expect(core.there()).toEqual([])
    expect(under.fake.model.sideObjects()).toEqual([])
    return awaits
  } finally {
    core.close()
  }
}

const interruptChapters = ({ open, one }: Chapters): void => {
  it('P20 is told to stop at every moment of a launch, and leaves nothing', async () => {
    const under = await open()
    const fresh = () => under.fake.become(one.newModel(under.clock, under.fake.model.knobs))
    const awaits = await launchStoppedAt(under, null)
    expect(awaits).toBeGreaterThan(5)
    for (let at = 1; at <= awaits; at++) {
      fresh()
      await launchStoppedAt(under, at).catch((error: unknown) => {
        throw new Error(`told to stop at ${at} of ${awaits}: ${String(error)}`, { cause: error })
      })
    }
    console.log(`${one.launcher.name}: P20 stopped at each of ${awaits} moments`)
  }, 60_000)
}

export const coreChapters = (chapters: Chapters): void => {
  startChapters(chapters)
  failOverChapters(chapters)
  reapChapters(chapters)
  killChapters(chapters)
  interruptChapters(chapters)
}

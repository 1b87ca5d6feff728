/**
 * Whatever happens in whatever order, the books and the cloud agree in the end: random sequences of
 * launches, stops, faults, kills and reclaims, through the runs and over real HTTP.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sweep } from '#runs/sweep'
import { type AdapterUnderTest, knobsFor, openAdapter } from './adapter-under-test.ts'
import { type CoreUnderTest, openCore } from './core-under-test.ts'
import type { Fault } from './fake-cloud.ts'
import type { ProvisionerCase } from './provisioner-case.ts'

type Step =
  | { readonly kind: 'submit'; readonly limited: boolean; readonly idleSeconds: number | null }
  | { readonly kind: 'stop' | 'reclaim'; readonly which: number }
  | { readonly kind: 'pass'; readonly passes: number }
  | { readonly kind: 'kill'; readonly at: number }
  | {
      readonly kind: 'fault'
      readonly of: number
      readonly on: 'create' | 'read' | 'destroy' | 'any'
    }
  | { readonly kind: 'hide'; readonly reads: number }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'fail-later' | 'sweep' }

const which = fc.nat({ max: 5 })

const steps = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('submit' as const),
        limited: fc.boolean(),
        idleSeconds: fc.constantFrom(0, 60, null),
      }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('stop' as const), which }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('reclaim' as const), which }) },
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constant('pass' as const),
        passes: fc.integer({ min: 1, max: 4 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('kill' as const),
        at: fc.integer({ min: 1, max: 40 }),
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('fault' as const),
        of: fc.nat({ max: 40 }),
        on: fc.constantFrom(
          'create' as const,
          'create' as const,
          'read' as const,
          'destroy' as const,
          'any' as const,
        ),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('hide' as const),
        reads: fc.integer({ min: 0, max: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        minutes: fc.integer({ min: 1, max: 90 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('fail-later' as const, 'sweep' as const) }),
    },
  ),
  { minLength: 3, maxLength: 14 },
)

/** Broken connections, server errors, and every row of the backend's table. */
const faultOf = ({ errors, errorReply }: ProvisionerCase, number: number): Fault => {
  if (number % 3 === 0) return { kind: 'lose-answer' }
  if (number % 3 === 1) return { kind: 'lose-request' }
  const rows = errors.filter(({ during }) => during === undefined || during === 'create')
  const row = rows[number % (rows.length + 1)]
  if (row === undefined) return { kind: 'refuse', reply: { status: 502, text: 'bad gateway' } }
  return { kind: 'refuse', reply: errorReply(row) }
}

const onTrouble = (core: CoreUnderTest) => (where: string, error: unknown) => {
  core.troubles.push(`${where}: ${String(error)}`)
}

/** A process that was killed while it swept has left the rest to the next. */
const sweepAll = async (core: CoreUnderTest): Promise<void> => {
  await sweep(core.hands(), onTrouble(core))
}

interface World {
  readonly under: AdapterUnderTest
  readonly core: CoreUnderTest
  submitted: number
}

const submit = (world: World, { limited, idleSeconds }: Step & { kind: 'submit' }): void => {
  const { core, under } = world
  if (core.store.runs(false).length === 3) return
  world.submitted += 1
  const [cheapest] = under.one.offers
  core.submit(`run-${world.submitted}`, {
    idleSeconds,
    reuse: idleSeconds === 0 ? 'never' : 'first',
    maxPriceNanoUsd: limited ? cheapest.priceNanoUsd : null,
  })
}

const act = async (world: World, step: Step): Promise<void> => {
  const { core, under } = world
  const { fake, clock, one } = under
  switch (step.kind) {
    case 'submit':
      return submit(world, step)
    case 'stop': {
      const run = core.store.runs(false)[step.which]
      if (run) core.stop(run.name)
      return undefined
    }
    case 'reclaim': {
      const id = core.there()[step.which]
      if (id !== undefined) fake.model.reclaim?.(id)
      return undefined
    }
    case 'pass':
      for (let passes = 0; passes < step.passes; passes++) await core.pass()
      return undefined
    case 'kill':
      await core.restart(step.at)
      await core.pass()
      if (core.process.isDead) await core.restart()
      return undefined
    case 'fault': {
      const when = {
        create: one.isCreate,
        read: one.isRead,
        destroy: one.isDestroy,
        any: () => true,
      }
      fake.inject(faultOf(one, step.of), when[step.on])
      return undefined
    }
    case 'hide':
      fake.model.knobs.hiddenReads =
        under.provisioner.traits.listConsistencySeconds > 0 ? step.reads : 0
      return undefined
    case 'wait':
      clock.advance(step.minutes * 60_000)
      return undefined
    case 'fail-later':
      fake.model.failNextLater?.()
      return undefined
    case 'sweep':
      await core.restart()
      return sweepAll(core)
  }
}

const expectNoLaunchAboveLimit = ({ core }: World): void => {
  for (const run of core.store.runs(true)) {
    const limit = run.spec.maxPriceNanoUsd
    for (const { sentMs, offer } of core.store.attempts(run.id)) {
      if (limit === null || sentMs === null) continue
      expect(offer.priceNanoUsd).toBeLessThanOrEqual(limit)
    }
  }
}

const expectAgreement = async (world: World): Promise<void> => {
  const { core, under } = world
  const { fake } = under
  fake.clearFaults()
  fake.model.knobs.hiddenReads = 0
  await core.restart()
  const isSettled = (): boolean =>
    core.store.unsettledAttempts().length === 0 &&
    core.store.instances().every(({ status }) => status !== 'terminating')
  await core.until('rest', isSettled)
  await sweepAll(core)
  await core.until('agreement', () => String(core.booked()) === String(core.there()))
  const names = fake.model.namesGiven().filter((name) => name.startsWith('dso-'))
  expect(new Set(names).size).toBe(names.length)
  expectNoLaunchAboveLimit(world)
  expect(fake.model.machines().filter(({ name }) => name === 'web-1')).toHaveLength(1)
}

/** Idle machines that are kept for ever go by hand. */
const expectNothingLeft = async ({ core, under }: World): Promise<void> => {
  for (const run of core.store.runs(false)) core.stop(run.name)
  const isOver = (): boolean => core.store.runs(false).length === 0
  await core.until('the end of all runs', isOver)
  for (const instance of core.store.instances()) {
    core.store.changeInstance(instance, { status: 'terminating', reason: 'the end' })
  }
  const isClear = (): boolean =>
    core.store.instances().length + core.store.sideObjects().length + core.there().length === 0
  await core.until('the end of all machines', isClear)
  await sweepAll(core)
  expect(under.fake.model.sideObjects()).toEqual([])
}

const live = async (under: AdapterUnderTest, all: readonly Step[], seed: number): Promise<void> => {
  const { fake, clock, one } = under
  fake.become(one.newModel(clock, knobsFor(under.provisioner)))
  fake.model.addForeign('web-1')
  const offers = one.spotOffer === null ? one.offers : [one.spotOffer, ...one.offers]
  const core = openCore(under, { seed, offers })
  const world: World = { under, core, submitted: 0 }
  try {
    for (const step of all) await act(world, step)
    await expectAgreement(world)
    await expectNothingLeft(world)
  } finally {
    core.close()
  }
}

const { LAUNCH_SEQUENCES: longer } = process.env

/** `runs` sequences, or `LAUNCH_SEQUENCES` of them for every backend. */
export const launchProperty = (
  one: ProvisionerCase,
  {
    runs: usual = 1000,
    seed = 20_261_124,
  }: { readonly runs?: number; readonly seed?: number } = {},
): void => {
  const runs = longer === undefined ? usual : Number(longer)
  describe(`launches at ${one.launcher.name}`, () => {
    it(
      `agree with the books after ${runs} random sequences`,
      async () => {
        const under = await openAdapter(one)
        try {
          const property = fc.asyncProperty(steps, fc.nat(), (all, chance) =>
            live(under, all, chance),
          )
          const outcome = await fc.check(property, { numRuns: runs, seed, endOnFailure: true })
          expect(outcome.failed ? fc.defaultReportMessage(outcome) : null).toBeNull()
        } finally {
          await under.close()
        }
      },
      runs * 300,
    )
  })
}

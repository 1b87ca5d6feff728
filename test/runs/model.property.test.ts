/**
 * Random sequences of what may happen to runs on the simulated cloud. `RUNS_SEQUENCES` and
 * `RUNS_SEED` choose others.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Fault } from '#backends/simulator/rules'
import { openBooks } from './books.ts'
import { type Event, expectEmpty, expectInOrder, Play } from './model.ts'
import { newWorld } from './world.ts'

const numRuns = Number(process.env['RUNS_SEQUENCES'] ?? '20000')
const seed = Number(process.env['RUNS_SEED'] ?? '20261124')

const simple = (kind: 'lost-request' | 'lost-response' | 'partial' | 'dearer' | 'dies'): Fault => ({
  kind,
})

const name = fc.nat({ max: 1 })
const which = fc.nat({ max: 5 })

const weighted: readonly fc.WeightedArbitrary<Event>[] = [
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('submit' as const),
      name,
      replicas: fc.integer({ min: 0, max: 2 }),
      idle: fc.constantFrom(0, 60, 300),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stop' as const), name }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('scale' as const), name, to: fc.constantFrom(1, 2, 3) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      seconds: fc.constantFrom(0, 0, 4, 10, 40, 400, 4000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      after: fc.integer({ min: 1, max: 25 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('sleep' as const),
      call: fc.constantFrom('create', 'create', 'observe', 'destroy', 'start', 'stop'),
      side: fc.constantFrom('before' as const, 'after' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'wake' as const }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      call: fc.constant('create'),
      fault: fc.constantFrom(
        simple('lost-request'),
        simple('lost-response'),
        simple('partial'),
        simple('dearer'),
        simple('dies'),
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fault' as const),
      call: fc.constantFrom('observe', 'list', 'destroy'),
      fault: fc.constantFrom(simple('lost-request'), simple('lost-response')),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('refuse' as const),
      class: fc.constantFrom(
        'no-capacity',
        'quota',
        'rate-limited',
        'transient',
        'unknown',
        'invalid',
      ),
      scope: fc.constantFrom('offer', 'region', 'attempt'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('room' as const), offer: fc.nat({ max: 3 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('reclaim' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cut' as const),
      which,
      seconds: fc.constantFrom(60, 360),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('exit' as const),
      which,
      exitCode: fc.constantFrom(0, 1),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove' as const), which }) },
  { weight: 1, arbitrary: fc.constant({ do: 'sweep' as const }) },
]

const events = fc.array(fc.oneof(...weighted), { minLength: 3, maxLength: 12 })

const books = openBooks()

const property = fc.asyncProperty(
  fc.constantFrom('vm' as const, 'container' as const),
  fc.constantFrom('none' as const, 'token' as const),
  events,
  async (runtime, idempotency, all) => {
    const world = newWorld({ runtime, idempotency, books })
    world.addForeign()
    const play = new Play(world)
    await play.happen({ do: 'submit', name: 0, replicas: 1, idle: 60 })
    for (const event of all) await play.happen(event)
    await play.calmDown()
    expectInOrder(world)
    await play.stopAll()
    expectInOrder(world)
    expectEmpty(world)
  },
)

/** A process that slept while it was told that a machine is gone, and woke when there was another. */
const late: readonly Event[] = [
  { do: 'pass', seconds: 0 },
  { do: 'reclaim', which: 0 },
  { do: 'sleep', call: 'observe', side: 'before' },
  { do: 'pass', seconds: 400 },
  { do: 'pass', seconds: 0 },
  { do: 'reclaim', which: 0 },
]

test(
  `after ${numRuns} random sequences, the books and the cloud agree`,
  async () => {
    const asserted = fc.assert(property, {
      numRuns,
      seed,
      examples: [['vm', 'none', [...late]]],
      includeErrorInReport: true,
    })
    await expect(asserted).resolves.toBeUndefined()
  },
  numRuns * 100,
)

/** The decision in a loop with what it decides, over random traffic. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decide, type ScaledReplica, windowSeconds } from '#autoscaler/decide'
import { newTraffic } from '#autoscaler/traffic'

interface Settings {
  readonly min: number
  readonly max: number
  readonly target: number
  readonly scaleUpDelaySeconds: number
  readonly scaleDownDelaySeconds: number
}

interface Second {
  readonly requests: number
  readonly inFlight: number
}

interface Change {
  readonly atSecond: number
  readonly from: number
  readonly to: number
  readonly inFlight: number
}

interface Seen {
  readonly changes: readonly Change[]
  readonly counts: readonly number[]
}

const startMs = 1_700_000_000_000

const play = (settings: Settings, seconds: readonly Second[]): Seen => {
  const traffic = newTraffic()
  let replicas: readonly ScaledReplica[] = Array.from({ length: settings.min }, () => ({
    isActive: true,
    sinceMs: startMs,
  }))
  const changes: Change[] = []
  const counts: number[] = []
  for (const [atSecond, { requests, inFlight }] of seconds.entries()) {
    const nowMs = startMs + atSecond * 1000
    for (let one = 0; one < requests; one += 1) traffic.count('run', nowMs)
    const active = replicas.filter(({ isActive }) => isActive)
    const decision = decide({
      limits: settings,
      scaling: settings,
      replicas,
      requests: traffic.requestsIn('run', windowSeconds, nowMs),
      inFlight,
      nowMs,
    })
    const to = decision.replicas
    counts.push(to)
    if (to === active.length) continue
    changes.push({ atSecond, from: active.length, to, inFlight })
    replicas =
      to > active.length
        ? [
            ...replicas,
            ...Array.from({ length: to - active.length }, () => ({
              isActive: true,
              sinceMs: nowMs,
            })),
          ]
        : [...active.slice(0, to), { isActive: false, sinceMs: nowMs }]
  }
  return { changes, counts }
}

const settings = fc
  .record({
    min: fc.integer({ min: 0, max: 3 }),
    more: fc.integer({ min: 1, max: 6 }),
    target: fc.double({ min: 0.05, max: 20, noNaN: true }),
    scaleUpDelaySeconds: fc.integer({ min: 0, max: 120 }),
    scaleDownDelaySeconds: fc.integer({ min: 0, max: 120 }),
  })
  .map(({ more, ...rest }): Settings => ({ ...rest, max: rest.min + more }))

/** Stretches of traffic, some of them quiet. */
const seconds = fc
  .array(
    fc.record({
      length: fc.integer({ min: 1, max: 90 }),
      requests: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 })),
      inFlight: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 5 })),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((stretches) =>
    stretches.flatMap(({ length, ...second }) => Array.from({ length }, (): Second => second)),
  )

const always = { numRuns: 300, seed: 7 }

test('the limits hold, and every delay is kept', () => {
  fc.assert(
    fc.property(settings, seconds, (given, traffic) => {
      const { changes, counts } = play(given, traffic)
      for (const count of counts) {
        expect(count).toBeGreaterThanOrEqual(given.min)
        expect(count).toBeLessThanOrEqual(given.max)
      }
      for (const [index, change] of changes.entries()) {
        if (change.from === 0) continue
        const sinceSecond = changes[index - 1]?.atSecond ?? 0
        const delay =
          change.to > change.from ? given.scaleUpDelaySeconds : given.scaleDownDelaySeconds
        expect(change.atSecond - sinceSecond).toBeGreaterThanOrEqual(delay)
      }
    }),
    always,
  )
})

test('zero only when nobody is being answered', () => {
  fc.assert(
    fc.property(settings, seconds, (given, traffic) => {
      const { changes, counts } = play({ ...given, min: 0 }, traffic)
      for (const { to, inFlight } of changes) expect(to === 0 && inFlight > 0).toBe(false)
      const left = traffic.filter(
        ({ inFlight, requests }, index) => inFlight + requests > 0 && counts[index] === 0,
      )
      expect(left).toEqual([])
    }),
    always,
  )
})

test('constant load does not change the number once a window and both delays are over', () => {
  fc.assert(
    fc.property(settings, fc.integer({ min: 0, max: 60 }), (given, requests) => {
      const traffic = Array.from({ length: 600 }, () => ({ requests, inFlight: 0 }))
      const settledSecond = windowSeconds + given.scaleUpDelaySeconds + given.scaleDownDelaySeconds
      const { changes } = play(given, traffic)
      expect(changes.filter(({ atSecond }) => atSecond > settledSecond)).toEqual([])
    }),
    always,
  )
})

test('a burst is met by the very next decision where no delay runs', () => {
  fc.assert(
    fc.property(settings, fc.integer({ min: 1, max: 100 }), (given, extra) => {
      const quiet = Array.from({ length: 200 }, () => ({ requests: 0, inFlight: 0 }))
      const burst = Math.ceil(given.target * windowSeconds * given.min) + extra
      const { changes } = play(given, [...quiet, { requests: burst, inFlight: 0 }])
      const wanted = Math.min(Math.ceil(burst / (windowSeconds * given.target)), given.max)
      expect(changes).toMatchObject(wanted > given.min ? [{ atSecond: 200, to: wanted }] : [])
    }),
    always,
  )
})

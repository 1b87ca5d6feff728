import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { replicasByPart, requestsByPart, stepsOf } from '#autoscaler/course'
import { costNanoUsd } from '#autoscaler/replica-cost'
import { type SimulatedService, simulate, type Trace, usualService } from '#autoscaler/simulate'
import { suggestScaling } from '#autoscaler/suggest'

const service = (over: Partial<SimulatedService> = {}): SimulatedService => ({
  ...usualService,
  limits: { min: 0, max: 4 },
  scaling: { target: 1, scaleUpDelaySeconds: 60, scaleDownDelaySeconds: 120 },
  serviceMs: 500,
  startupMs: 30_000,
  concurrency: 1,
  ...over,
})

const traceOf = (seconds: readonly number[]): Trace => {
  const arrivalsMs = Float64Array.from(seconds, (second) => second * 1000)
  return { startMs: 0, endMs: arrivalsMs.at(-1) ?? 0, arrivalsMs }
}

/** So many requests a second, evenly. */
const evenly = (perSecond: number, seconds: number): readonly number[] =>
  Array.from({ length: perSecond * seconds }, (_, index) => index / perSecond)

describe('one request to a run at zero', () => {
  const found = simulate(traceOf([10]), service())

  test('waits for the start, and is answered', () => {
    expect(found).toMatchObject({ requests: 1, dropped: 0, coldStarts: 1 })
    expect(found.waits).toEqual({ p50Ms: 30_000, p95Ms: 30_000, maxMs: 30_000 })
  })

  test('its replica is paid for until the delay is over', () => {
    // Up at 10 s; the minute of traffic ends at 70 s, the delay since the start at 130 s.
    expect(found.spans).toEqual([{ submittedMs: 10_000, readyMs: 40_000, endMs: 130_000 }])
    expect(found.replicaMs).toBe(120_000)
    expect(costNanoUsd(found.replicaMs, 1_200_000_000)).toBe(40_000_000n)
  })
})

describe('requests that wait', () => {
  test('more than are held are dropped', () => {
    const found = simulate(traceOf(Array.from({ length: 120 }, () => 1)), service())
    expect(found).toMatchObject({ dropped: 20, coldStarts: 1 })
  })

  test('one that waits for longer than allowed is dropped, also behind others', () => {
    const slow = service({ startupMs: 301_000 })
    expect(simulate(traceOf([0]), slow)).toMatchObject({ dropped: 1, waits: null })
    const long = service({ limits: { min: 1, max: 1 }, scaling: null, serviceMs: 150_000 })
    const found = simulate(traceOf([0, 0, 0, 0, 0]), long)
    expect(found).toMatchObject({ dropped: 2, waits: { maxMs: 300_000 } })
  })

  test('a replica that serves two at once lets the third wait', () => {
    const two = service({ limits: { min: 1, max: 1 }, scaling: null, concurrency: 2 })
    expect(simulate(traceOf([0, 0, 0]), two).waits).toEqual({
      p50Ms: 0,
      p95Ms: 500,
      maxMs: 500,
    })
  })
})

describe('replicas over time', () => {
  const trace = traceOf(evenly(3, 600))
  const found = simulate(trace, service())
  const steps = stepsOf(trace, found)

  test('constant traffic gets what it calls for in one change, and keeps it until it ends', () => {
    expect(steps.map(({ replicas }) => replicas)).toEqual([1, 1, 3, 3, 2, 0])
    expect(steps[4]?.atMs).toBeGreaterThan(600_000)
    expect(found.dropped).toBe(0)
  })

  test('its parts show the most', () => {
    const span = { startMs: 0, endMs: found.endMs, parts: 10 }
    expect(Math.max(...replicasByPart(steps, span))).toBe(3)
    const rates = requestsByPart(trace, span)
    const total = rates.reduce((sum, rate) => sum + (rate * found.endMs) / 10_000, 0)
    expect(total).toBeCloseTo(1800, 6)
  })
})

const services = fc
  .record({
    min: fc.integer({ min: 0, max: 2 }),
    more: fc.integer({ min: 0, max: 4 }),
    target: fc.double({ min: 0.1, max: 5, noNaN: true }),
    scaleUpDelaySeconds: fc.integer({ min: 0, max: 100 }),
    scaleDownDelaySeconds: fc.integer({ min: 0, max: 100 }),
    serviceMs: fc.integer({ min: 1, max: 5000 }),
    startupMs: fc.integer({ min: 0, max: 90_000 }),
    concurrency: fc.integer({ min: 1, max: 3 }),
    decideEveryMs: fc.constantFrom(500, 1000, 2000),
  })
  .map(({ min, more, target, scaleUpDelaySeconds, scaleDownDelaySeconds, ...rest }) =>
    service({
      ...rest,
      limits: { min, max: min + more },
      scaling: { target, scaleUpDelaySeconds, scaleDownDelaySeconds },
    }),
  )

const traces = fc
  .array(fc.oneof(fc.nat(300), fc.nat(3000), fc.nat(200_000)), { minLength: 1, maxLength: 120 })
  .map((gapsMs): Trace => {
    let nowMs = 0
    const arrivalsMs = Float64Array.from(gapsMs, (gapMs) => (nowMs += gapMs))
    return { startMs: 0, endMs: nowMs, arrivalsMs }
  })

test('every request is answered or dropped, and every replica within the limits', () => {
  fc.assert(
    fc.property(traces, services, (trace, given) => {
      const found = simulate(trace, given)
      expect(found.requests).toBe(trace.arrivalsMs.length)
      expect(found.dropped).toBeLessThanOrEqual(found.requests)
      expect(found.waits?.maxMs ?? 0).toBeLessThanOrEqual(given.hold.holdMs)
      for (const { submittedMs, endMs } of found.spans) {
        expect(endMs).toBeGreaterThanOrEqual(submittedMs)
      }
      const least = given.limits.min * (found.endMs - trace.startMs)
      expect(found.replicaMs).toBeGreaterThanOrEqual(least)
      expect(simulate(trace, given)).toEqual(found)
    }),
    { numRuns: 300, seed: 3 },
  )
})

test('what is suggested comes to what it says, and is better', () => {
  const trace = traceOf(evenly(2, 900))
  const given = service({
    scaling: { target: 0.4, scaleUpDelaySeconds: 60, scaleDownDelaySeconds: 900 },
  })
  const present = simulate(trace, given)
  const { better, dearer, tried } = suggestScaling(trace, given, present)
  expect(tried).toBeGreaterThan(30)
  expect(better.length).toBeGreaterThan(0)
  for (const { scaling, simulation } of [...better, ...dearer]) {
    expect(simulate(trace, { ...given, scaling })).toEqual(simulation)
  }
  for (const { simulation } of better) {
    expect(simulation.replicaMs).toBeLessThanOrEqual(present.replicaMs)
    expect(simulation.dropped).toBeLessThanOrEqual(present.dropped)
    expect(simulation.waits?.p95Ms).toBeLessThanOrEqual(present.waits?.p95Ms ?? 0)
  }
  for (const { simulation } of dearer) {
    expect(simulation.replicaMs).toBeGreaterThan(present.replicaMs)
  }
})

test('a fixed number of replicas has nothing to suggest', () => {
  const given = service({ limits: { min: 1, max: 1 }, scaling: null })
  const trace = traceOf([1, 2])
  expect(suggestScaling(trace, given, simulate(trace, given)).tried).toBe(0)
})

/** What is decided of requests under way, starts that failed, and traffic that nobody counts. */
import { expect, test } from 'vitest'
import { decide, type ScalingState } from '#autoscaler/decide'

const nowMs = 3_600_000

const state = (over: Partial<ScalingState> = {}): ScalingState => ({
  limits: { min: 0, max: 5 },
  scaling: { target: 10, scaleUpDelaySeconds: 300, scaleDownDelaySeconds: 600 },
  replicas: [],
  requests: 0,
  nowMs,
  ...over,
})

const up = { isActive: true, sinceMs: 0 }

test('nobody who is answered or waits is left without a replica', () => {
  expect(decide(state({ replicas: [up] })).replicas).toBe(0)
  expect(decide(state({ replicas: [up], inFlight: 1 })).replicas).toBe(1)
  expect(decide(state({ replicas: [up], held: 1 })).replicas).toBe(1)
  expect(decide(state({ replicas: [up, up, up], inFlight: 9 })).replicas).toBe(1)
})

test('one who waits at zero calls for a replica, though a minute has passed', () => {
  const decision = decide(state({ held: 3 }))
  expect(decision).toMatchObject({ replicas: 1, waitsUntilMs: null })
  expect(decision.why).toBe('0 requests a second, 3 waiting: up from zero')
})

test('those who wait shorten no delay', () => {
  const replicas = [{ isActive: true, sinceMs: nowMs - 1000 }]
  const decision = decide(state({ replicas, requests: 6000, held: 100, inFlight: 50 }))
  expect(decision).toMatchObject({ replicas: 1, waitsUntilMs: nowMs - 1000 + 300_000 })
})

test('a start under way is not begun again', () => {
  const replicas = [{ isActive: true, sinceMs: nowMs - 2000 }]
  expect(decide(state({ replicas, requests: 100, held: 100 })).replicas).toBe(1)
})

test('a start that failed is no capacity, and is tried again after the delay only', () => {
  const replicas = [{ isActive: false, sinceMs: nowMs - 1000, hasFailed: true }]
  const waiting = { replicas, requests: 1, held: 1 }
  expect(decide(state(waiting))).toMatchObject({ replicas: 0, waitsUntilMs: nowMs + 299_000 })
  expect(decide(state({ ...waiting, nowMs: nowMs + 299_000 })).replicas).toBe(1)
})

test('where nobody counts nothing is decided', () => {
  expect(decide(state({ replicas: [up, up], requests: null }))).toMatchObject({
    replicas: 2,
    waitsUntilMs: null,
  })
  expect(decide(state({ requests: null, held: 4 })).replicas).toBe(0)
})

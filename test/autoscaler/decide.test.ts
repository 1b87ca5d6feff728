import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decide, type ScalingState } from '#autoscaler/decide'

const state = (over: Partial<ScalingState> = {}): ScalingState => ({
  limits: { min: 0, max: 5 },
  scaling: { target: 10, scaleUpDelaySeconds: 300, scaleDownDelaySeconds: 600 },
  replicas: [{ isActive: true, sinceMs: 0 }],
  requests: 600,
  nowMs: 3_600_000,
  ...over,
})

describe('what the requests of a minute call for', () => {
  test('exactly the target is one replica, one more is two', () => {
    expect(decide(state()).replicas).toBe(1)
    expect(decide(state({ requests: 601 })).replicas).toBe(2)
  })

  test('from zero nothing is waited for', () => {
    const replicas = [{ isActive: false, sinceMs: 3_600_000 }]
    expect(decide(state({ replicas, requests: 1 })).replicas).toBe(1)
  })

  test('a delay is over when it is as old as it is long', () => {
    const at = (nowMs: number) => decide(state({ requests: 1200, nowMs }))
    expect(at(299_999)).toMatchObject({ replicas: 1, waitsUntilMs: 300_000 })
    expect(at(300_000)).toMatchObject({ replicas: 2, waitsUntilMs: null })
  })
})

const replica = fc.record({
  isActive: fc.boolean(),
  sinceMs: fc.integer({ min: 0, max: 10_000_000 }),
})

const anyState = fc
  .record({
    min: fc.integer({ min: 0, max: 4 }),
    more: fc.integer({ min: 0, max: 6 }),
    target: fc.double({ min: 0.01, max: 100, noNaN: true }),
    scaleUpDelaySeconds: fc.integer({ min: 0, max: 900 }),
    scaleDownDelaySeconds: fc.integer({ min: 0, max: 900 }),
    replicas: fc.array(replica, { maxLength: 10 }),
    requests: fc.integer({ min: 0, max: 100_000 }),
    nowMs: fc.integer({ min: 0, max: 20_000_000 }),
  })
  .map(
    ({ min, more, target, scaleUpDelaySeconds, scaleDownDelaySeconds, ...rest }): ScalingState => ({
      ...rest,
      limits: { min, max: min + more },
      scaling: { target, scaleUpDelaySeconds, scaleDownDelaySeconds },
    }),
  )

test('what is decided stays within the limits or as it was, and a delay that runs holds it', () => {
  fc.assert(
    fc.property(anyState, (given) => {
      const active = given.replicas.filter(({ isActive }) => isActive).length
      const { replicas, waitsUntilMs } = decide(given)
      const { min, max } = given.limits
      expect(replicas === active || (replicas >= min && replicas <= max)).toBe(true)
      const isHeld = waitsUntilMs !== null
      expect(isHeld && (replicas !== active || waitsUntilMs <= given.nowMs)).toBe(false)
    }),
    { numRuns: 2000 },
  )
})

test('constant traffic changes the number once at most', () => {
  fc.assert(
    fc.property(anyState, (given) => {
      const { replicas } = decide(given)
      if (replicas === 0) return
      const after = Array.from({ length: replicas }, () => ({
        isActive: true,
        sinceMs: given.nowMs,
      }))
      const laterMs = given.nowMs + 3_600_000
      const first = decide({ ...given, replicas: after, nowMs: laterMs }).replicas
      const settled = Array.from({ length: first }, () => ({ isActive: true, sinceMs: laterMs }))
      const again = { ...given, replicas: settled, nowMs: laterMs + 3_600_000 }
      expect(decide(again).replicas).toBe(first)
    }),
    { numRuns: 2000 },
  )
})

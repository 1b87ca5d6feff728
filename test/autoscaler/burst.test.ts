/** A burst is seen within two seconds, and chance is not taken for one. */
import { describe, expect, test } from 'vitest'
import { burstSeconds, decide, decideEveryMs, type ScalingState } from '#autoscaler/decide'
import { seeded } from '../random.ts'

const stateOf = (change: Partial<ScalingState>): ScalingState => ({
  limits: { min: 1, max: 8 },
  scaling: { target: 10, scaleUpDelaySeconds: 0, scaleDownDelaySeconds: 600 },
  replicas: [{ isActive: true, sinceMs: 0 }],
  requests: 0,
  nowMs: 1_000_000,
  ...change,
})

describe('a burst', () => {
  const burst = { requests: 100, recent: 100, inFlight: 90 }

  test('is met by the next decision, though the average of a minute calls for one replica', () => {
    expect(decideEveryMs + burstSeconds * 1000).toBeLessThanOrEqual(3000)
    expect(decide(stateOf(burst))).toMatchObject({ replicas: 5, waitsUntilMs: null })
    expect(decide(stateOf({ ...burst, recent: 0 })).replicas).toBe(1)
  })

  test('that is answered as fast as it comes is worth one replica more', () => {
    expect(decide(stateOf({ ...burst, inFlight: 1 })).replicas).toBe(2)
  })

  test('never shortens a delay', () => {
    const scaling = { target: 10, scaleUpDelaySeconds: 300, scaleDownDelaySeconds: 600 }
    const replicas = [{ isActive: true, sinceMs: 900_000 }]
    const decision = decide(stateOf({ ...burst, scaling, replicas }))
    expect(decision).toMatchObject({ replicas: 1, waitsUntilMs: 1_200_000 })
  })

  test('stays within the limits, and says itself', () => {
    const { replicas, why } = decide(stateOf({ requests: 5000, recent: 5000, inFlight: 5000 }))
    expect(replicas).toBe(8)
    expect(why).toContain('5000 of them in 2 s')
  })

  test('is none from zero: there the average decides, as the reference has it', () => {
    const replicas = [{ isActive: false, sinceMs: 0 }]
    const state = { limits: { min: 0, max: 8 }, replicas, requests: 20, recent: 20, held: 20 }
    expect(decide(stateOf(state)).replicas).toBe(1)
  })
})

test('requests that come by chance at the rate of the target are no burst', () => {
  const random = seeded(5)
  const poisson = (mean: number): number => {
    let count = -1
    for (let product = 1; product > Math.exp(-mean); count += 1) product *= random.next()
    return count
  }
  const taken: object[] = []
  for (const target of [0.1, 0.5, 1, 5, 20]) {
    for (const active of [1, 2, 5]) {
      for (let turn = 0; turn < 20_000; turn += 1) {
        const recent = poisson(burstSeconds * target * active)
        const { replicas } = decide(
          stateOf({
            scaling: { target, scaleUpDelaySeconds: 0, scaleDownDelaySeconds: 0 },
            replicas: Array.from({ length: active }, () => ({ isActive: true, sinceMs: 0 })),
            requests: Math.floor(target * active * 60),
            recent,
            inFlight: recent,
          }),
        )
        if (replicas !== active) taken.push({ target, active, recent, replicas })
      }
    }
  }
  expect(taken).toEqual([])
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { newTraffic } from '#autoscaler/traffic'

const baseMs = 1_800_000_000_000

describe('requests of the last seconds', () => {
  test('are those whose second is among them', () => {
    const traffic = newTraffic()
    for (const atMs of [0, 400, 999, 1000, 59_999, 60_000]) traffic.count('a', baseMs + atMs)
    expect(traffic.requestsIn('a', 60, baseMs + 60_000)).toBe(3)
    expect(traffic.requestsIn('a', 61, baseMs + 60_000)).toBe(6)
    expect(traffic.requestsIn('a', 1, baseMs + 60_500)).toBe(1)
    expect(traffic.requestsIn('a', 60, baseMs + 120_000)).toBe(0)
  })

  test('are counted run by run', () => {
    const traffic = newTraffic()
    traffic.count('a', baseMs)
    expect(traffic.requestsIn('b', 60, baseMs)).toBe(0)
  })

  test('a clock that is set back loses none and keeps none for longer', () => {
    const traffic = newTraffic()
    for (let request = 0; request < 5; request += 1) traffic.count('a', baseMs)
    const backMs = baseMs - 3_600_000
    expect(traffic.requestsIn('a', 60, backMs)).toBe(5)
    traffic.count('a', backMs + 1000)
    expect(traffic.requestsIn('a', 60, backMs + 1000)).toBe(6)
    expect(traffic.requestsIn('a', 60, backMs + 61_000)).toBe(0)
  })

  test('a clock that is set forward ages all', () => {
    const traffic = newTraffic()
    traffic.count('a', baseMs)
    expect(traffic.requestsIn('a', 300, baseMs + 86_400_000)).toBe(0)
  })

  test('are the same as of a list that keeps every request', () => {
    const steps = fc.array(fc.nat(20_000), { maxLength: 200 })
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 300 }), (gapsMs, windowSeconds) => {
        const traffic = newTraffic()
        const seconds: number[] = []
        let nowMs = baseMs
        for (const gapMs of gapsMs) {
          nowMs += gapMs
          traffic.count('a', nowMs)
          seconds.push(Math.floor(nowMs / 1000))
          const since = Math.floor(nowMs / 1000) - windowSeconds
          const expected = seconds.filter((second) => second > since).length
          expect(traffic.requestsIn('a', windowSeconds, nowMs)).toBe(expected)
        }
      }),
      { numRuns: 200, seed: 12 },
    )
  })
})

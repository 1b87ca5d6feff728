/** Machines that cost nothing: one's own. */
import { expect, test } from 'vitest'
import { fitOf, parseBudget } from '#cost/budget'
import { totalCost } from '#cost/total'
import { hostBounds } from '#refresh/bounds'
import { doubts } from '#refresh/sanity'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'

const question = { diskMib: null, durationSeconds: null, replicas: { min: 1, max: 1 } }

const rig = (priceNanoUsd: number, memoryMib = 8 * 1024) =>
  anOffer({
    backend: 'ssh',
    priceNanoUsd,
    instanceType: anInstanceType({ gpu: aGpu(), diskMib: 102_400, memoryMib }),
  })

test.each(['900/month', '30/day', '1.25/h'])('any number of them fits %s', (text) => {
  expect(fitOf(parseBudget(text), totalCost(rig(0), question))?.replicas).toBe(Infinity)
})

test('of one’s own machines any figure and any change is believed, but no price below 0', () => {
  const doubtsOf = (offer: ReturnType<typeof rig>, before: ReturnType<typeof rig>) =>
    doubts(
      {
        before: Array.from({ length: 20 }, () => before),
        after: [offer],
        embedded: [],
        rows: 1,
        malformed: 0,
      },
      hostBounds,
    )
  expect(doubtsOf(rig(0, 1), rig(1_000_000_000))).toEqual([])
  expect(doubtsOf(rig(500_000_000_000, 10 ** 9), rig(0))).toEqual([])
  expect(doubtsOf(rig(-1), rig(0)).join()).toContain('costs -0.000000001 USD')
})

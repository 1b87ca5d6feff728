import { expect, test } from 'vitest'
import { listBounds } from '#refresh/bounds'
import { firstShift } from '#refresh/first-sight'
import { doubts } from '#refresh/sanity'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'

const gpus = ['A100', 'H100', 'L4', 'T4', 'A10', 'L40S', 'V100', 'H200', 'B200', 'A40', 'A30']

interface Shape {
  readonly factor?: number
  readonly region?: string | null
  readonly nameOf?: (gpu: string) => string
  readonly count?: number
}

const some = ({ factor = 1, region = 'r', nameOf = (gpu) => gpu, count = 11 }: Shape = {}) =>
  gpus.slice(0, count).map((name, index) =>
    anOffer({
      region,
      priceNanoUsd: Math.round((index + 1) * 1e9 * factor),
      instanceType: anInstanceType({ name: nameOf(name), gpu: aGpu({ name }) }),
    }),
  )

test.each<[string, Shape, number | null]>([
  ['the same offers', { factor: 100 }, 100],
  ['other regions', { factor: 3, region: null }, 3],
  ['other names of machines', { factor: 0.01, nameOf: (gpu) => `new-${gpu}` }, 0.01],
  ['three models of other names', { factor: 5, count: 3, nameOf: (gpu) => `new-${gpu}` }, 5],
  ['two models, which prove nothing', { factor: 5, count: 2, nameOf: (gpu) => `new-${gpu}` }, null],
])('%s are compared', (_what, shape, expected) => {
  const shift = firstShift(some(), some(shape))
  expect(shift && Number(shift.toFixed(6))).toBe(expected)
})

test('machines of several accelerators are compared by one', () => {
  const eight = some().map((offer) => ({
    ...offer,
    id: `${offer.id}-8`,
    priceNanoUsd: (offer.priceNanoUsd ?? 0) * 8,
    instanceType: { ...offer.instanceType, name: `${offer.instanceType.name}-8`, gpuCount: 8 },
  }))
  expect(firstShift(some(), eight)).toBeCloseTo(1)
})

test('cents for dollars are not believed at the first sight, a dearer year is', () => {
  const candidate = (factor: number) => ({
    before: [],
    after: some({ factor }),
    embedded: some(),
    rows: 11,
    malformed: 0,
  })
  expect(doubts(candidate(3.9), listBounds)).toEqual([])
  expect(doubts(candidate(4.1), listBounds)).toEqual([
    'prices are 4.10 times those that come with the program, by the median',
  ])
  expect(doubts(candidate(0.01), listBounds).join()).toContain('prices are 0.01 times')
})

test('once prices are held, only those count', () => {
  const after = some()
  const embedded = some({ factor: 100 })
  expect(doubts({ before: after, after, embedded, rows: 11, malformed: 0 }, listBounds)).toEqual([])
})

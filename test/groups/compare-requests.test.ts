import { expect, test } from 'vitest'
import type { Requirements } from '#domain/requirements'
import { type AnsweredRequest, compare, compareRequests } from '#groups/compare-requests'
import { differingFields } from '#groups/differing-fields'
import { groupOffers } from '#groups/group-offers'
import { byGpu } from '#groups/grouping'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../builders.ts'
import { catalogOf } from './catalog-of.ts'

const gpu = (names: readonly string[] | null, min: number | null = 1): Requirements['gpu'] => ({
  names,
  vendors: null,
  count: { min, max: null },
  memoryMib: null,
  totalMemoryMib: null,
  computeCapability: null,
})

const machine = (name: string, model: string, gpuCount = 1) =>
  anInstanceType({ name, gpu: aGpu({ name: model }), gpuCount })

const offers = [
  anOffer({ backend: 'aws', instanceType: machine('a', 'A100'), priceNanoUsd: 2_000_000_000 }),
  anOffer({ backend: 'gcp', instanceType: machine('b', 'A100', 8), priceNanoUsd: 8_000_000_000 }),
  anOffer({ backend: 'gcp', instanceType: machine('c', 'H100'), priceNanoUsd: 3_000_000_000 }),
  anOffer({ backend: 'aws', priceNanoUsd: 100_000_000 }),
]

const answered = (
  label: string,
  requirements: Requirements,
  catalog: ReturnType<typeof catalogOf>,
): AnsweredRequest => ({
  label,
  requirements,
  result: { offers: catalog.first(requirements, 2), matched: catalog.count(requirements) },
  groups: groupOffers(catalog, requirements, byGpu),
})

test('two requests side by side', () => {
  const catalog = catalogOf(offers)
  const [left, right] = [
    answered('left', someRequirements({ gpu: gpu(['A100']) }), catalog),
    answered('right', someRequirements({ gpu: gpu(null), backends: ['gcp'] }), catalog),
  ]
  const found = compare([left, right], offers[1] ?? null)
  expect(found.sides.map(({ label, matched }) => [label, matched])).toEqual([
    ['left', 2],
    ['right', 2],
  ])
  expect(found.sides[0]?.cheapest.map(({ instanceType }) => instanceType.name)).toEqual(['a', 'b'])
  expect(found.sides.map(({ totals }) => [totals.price?.min, totals.perGpu?.min])).toEqual([
    [2_000_000_000, 1_000_000_000],
    [3_000_000_000, 1_000_000_000],
  ])
  expect(found.differing).toEqual(['gpu', 'backends'])
  expect(found.gpus.map((row) => [row.gpu?.name, ...row.sides.map((one) => one?.offers)])).toEqual([
    ['A100', 2, 1],
    ['H100', undefined, 1],
  ])
  expect(found.common?.instanceType.name).toBe('b')
  catalog.close()
})

test('answers and compares through a catalog', () => {
  const memory = catalogOf(offers)
  const catalog = {
    ...memory,
    search: (requirements: Requirements, { limit }: { readonly limit: number }) => ({
      offers: memory.first(requirements, limit),
      matched: memory.count(requirements),
    }),
  }
  const requests = [
    { label: 'left', requirements: someRequirements({ gpu: gpu(['A100']) }) },
    { label: 'right', requirements: someRequirements({ gpu: gpu(null), backends: ['gcp'] }) },
  ]
  const found = compareRequests(catalog, requests, 1)
  expect(found.sides.map(({ cheapest }) => cheapest.length)).toEqual([1, 1])
  expect(found.common?.instanceType.name).toBe('b')
  const apart = compareRequests(
    catalog,
    [
      { label: 'left', requirements: someRequirements({ spot: true }) },
      { label: 'right', requirements: someRequirements({ spot: false }) },
    ],
    1,
  )
  expect(apart.common).toBeNull()
  expect(apart.sides[0]).toMatchObject({ matched: 0, cheapest: [], totals: { price: null } })
  memory.close()
})

test.each<[string, Partial<Requirements>, Partial<Requirements>, readonly string[]]>([
  ['the same', {}, {}, []],
  ['a size from 0 on is any size', { cpu: { min: 0, max: null } }, {}, []],
  ['no disk is any disk', { diskMib: { min: null, max: null } }, { diskMib: null }, []],
  ['case, order and repetition', { regions: ['a', 'B'] }, { regions: ['b', 'A', 'b'] }, []],
  ['an empty list is not any', { regions: [] }, { regions: null }, ['regions']],
  ['a GPU or none', { gpu: gpu(null) }, { gpu: null }, ['gpu']],
  ['no least count is not 0', { gpu: gpu(null, null) }, { gpu: gpu(null, 0) }, ['gpu']],
  [
    'all at once',
    { cpu: { min: 2, max: null }, spot: true, maxPriceNanoUsd: 5 },
    { memoryMib: { min: 5, max: null }, instanceTypes: ['x'] },
    ['cpu', 'memoryMib', 'spot', 'maxPriceNanoUsd', 'instanceTypes'],
  ],
])('differing: %s', (_, left, right, fields) => {
  expect(differingFields([someRequirements(left), someRequirements(right)])).toEqual(fields)
})

import { expect, test } from 'vitest'
import { gpuModels } from '#domain/gpu-models'
import type { Offer } from '#domain/offer'
import { type ListedGpu, listGpus } from '#groups/list-gpus'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'
import { someOffers } from '../generators.ts'
import { seeded } from '../random.ts'
import { catalogOf } from './catalog-of.ts'

const keyOf = ({ gpu }: ListedGpu): string => `${gpu.vendor} ${gpu.name} ${gpu.memoryMib}`

const listed = (offers: readonly Offer[]): readonly ListedGpu[] => {
  const catalog = catalogOf(offers)
  const gpus = listGpus(catalog)
  catalog.close()
  return gpus
}

test('every model known is listed once, also where nobody sells any', () => {
  const gpus = listed([])
  expect(gpus).toHaveLength(gpuModels.length)
  expect(new Set(gpus.map(keyOf)).size).toBe(gpus.length)
  expect(gpus.filter(({ offers }) => offers > 0)).toEqual([])
  expect(gpus[0]).toMatchObject({ gpu: { vendor: 'nvidia', name: 'A10' }, kind: 'gpu', spot: null })
})

test('makers in their order, then names, then sizes', () => {
  const gpus = listed([])
  const vendors = [...new Set(gpus.map(({ gpu }) => gpu.vendor))]
  expect(vendors.slice(0, 2)).toEqual(['nvidia', 'amd'])
  const first = gpus.filter(({ gpu }) => gpu.vendor === 'nvidia').map(({ gpu }) => gpu)
  const sorted = first.toSorted((left, right) =>
    left.name === right.name ? left.memoryMib - right.memoryMib : left.name < right.name ? -1 : 1,
  )
  expect(first).toEqual(sorted)
})

const eight = anInstanceType({ name: 'eight', gpu: aGpu(), gpuCount: 8 })
const one = anInstanceType({ name: 'one', gpu: aGpu() })

const find = (gpus: readonly ListedGpu[], name: string) =>
  gpus.find(({ gpu }) => gpu.name === name && gpu.memoryMib === 80 * 1024)

test('from-prices are per accelerator, apart for spot', () => {
  const gpus = listed([
    anOffer({ backend: 'gcp', instanceType: eight, priceNanoUsd: 8_000_000_000 }),
    anOffer({ backend: 'aws', instanceType: one, priceNanoUsd: 1_500_000_000 }),
    anOffer({ backend: 'azure', instanceType: one, priceNanoUsd: 700_000_000, spot: true }),
  ])
  expect(find(gpus, 'A100')).toMatchObject({
    offers: 3,
    backends: ['azure', 'gcp', 'aws'],
    onDemand: { offers: 2, fromNanoUsd: 1_000_000_000 },
    spot: { offers: 1, fromNanoUsd: 700_000_000 },
  })
})

test('a price that is in stock goes before a lesser one that is not', () => {
  const gpus = listed([
    anOffer({ instanceType: eight, priceNanoUsd: 8_000_000_000, stock: 'none' }),
    anOffer({ instanceType: one, priceNanoUsd: 1_500_000_000 }),
  ])
  expect(find(gpus, 'A100')?.onDemand).toEqual({ offers: 2, fromNanoUsd: 1_500_000_000 })
})

test('an unknown price is not none, and a slice is a model of its own', () => {
  const slice = aGpu({ name: 'A100-1/2', memoryMib: 40 * 1024 })
  const gpus = listed([
    anOffer({ instanceType: anInstanceType({ gpu: slice }), priceNanoUsd: null }),
  ])
  expect(gpus).toHaveLength(gpuModels.length + 1)
  expect(gpus.find(({ gpu }) => gpu.name === slice.name)).toMatchObject({
    kind: null,
    onDemand: { offers: 1, fromNanoUsd: null },
    spot: null,
  })
})

test('from-prices equal a look at every offer', () => {
  const random = seeded(31)
  let sold = 0
  for (let round = 0; round < 30; round++) {
    const offers = someOffers(random, 120)
    for (const { gpu, onDemand } of listed(offers)) {
      const own = offers.filter(
        ({ spot, instanceType }) =>
          !spot &&
          instanceType.gpu?.name === gpu.name &&
          instanceType.gpu.memoryMib === gpu.memoryMib,
      )
      const inStock = own.filter(({ stock }) => stock !== 'none')
      const prices = (inStock.length > 0 ? inStock : own).flatMap(
        ({ priceNanoUsd, instanceType: { gpuCount } }) =>
          priceNanoUsd === null ? [] : [Math.round(priceNanoUsd / gpuCount)],
      )
      expect(onDemand).toEqual(
        own.length === 0
          ? null
          : { offers: own.length, fromNanoUsd: prices.length > 0 ? Math.min(...prices) : null },
      )
      if (own.length > 0) sold++
    }
  }
  expect(sold).toBeGreaterThan(120)
})

import { expect, test } from 'vitest'
import { anInstanceType, anOffer } from '../builders.ts'
import { outOfStock, unknownPrice } from '#catalog/tables'
import type { CatalogDictionaries } from '#offers/dictionaries'
import {
  compareRank,
  merged,
  type RankedOffer,
  toInstanceType,
  toRankedOffer,
} from '#offers/ranked-offer'
import type { OfferRow } from '#query/rows'

const observation = { source: 'a price list', observedAt: '2026-07-20T00:00:00Z' }

const dictionaries: CatalogDictionaries = {
  gpus: new Map([[0, null]]),
  backends: new Map([['gcp', 2]]),
  regionIds: () => [],
  backendName: (id) => (id === 2 ? 'gcp' : '?'),
  observation: () => observation,
}

const typeId = 2 * 2 ** 20 + 5

test('a row tells spot, stock, price and place', () => {
  const type = anInstanceType()
  const read = (variantBit: number, standing: number, region: string): RankedOffer =>
    toRankedOffer([typeId * 4 + variantBit, standing, 1, 1, region], type, dictionaries)
  expect(read(0, 5, 'r')).toMatchObject({
    standing: 5,
    backendRank: 2,
    offer: { backend: 'gcp', spot: false, region: 'r', priceNanoUsd: 5, stock: 'none' },
  })
  expect(read(1, unknownPrice, '').offer).toMatchObject({
    spot: true,
    region: null,
    priceNanoUsd: null,
    id: 'gcp/?/m5.large/spot',
  })
  expect(read(3, outOfStock + 7, 'r').offer).toMatchObject({ spot: true, priceNanoUsd: 7 })
  expect(read(2, outOfStock + unknownPrice, 'r').offer).toMatchObject({
    spot: false,
    priceNanoUsd: null,
  })
})

test('an instance type is read in its own units; an architecture not known is none', () => {
  const row = [typeId, 'm5.large', 1500, 8192, 0, 0, null] as const
  expect(toInstanceType([...row, 'x86_64'], dictionaries)).toEqual(anInstanceType({ cpus: 1.5 }))
  expect(toInstanceType([...row, 'arm64'], dictionaries).architecture).toBe('arm64')
  expect(toInstanceType([...row, 'sparc'], dictionaries).architecture).toBeNull()
  expect(toInstanceType([...row, null], dictionaries).architecture).toBeNull()
})

test('rank: standing, backend, instance type, on-demand before spot, region', () => {
  const ranked = (
    standing: number,
    backendRank: number,
    name: string,
    spot: boolean,
    region: string | null,
  ): RankedOffer => ({
    standing,
    backendRank,
    offer: anOffer({ instanceType: anInstanceType({ name }), spot, region }),
  })
  const order = [
    ranked(1, 9, 'z', true, 'z'),
    ranked(2, 1, 'z', true, 'z'),
    ranked(2, 2, 'a', true, 'z'),
    ranked(2, 2, 'b', false, 'z'),
    ranked(2, 2, 'b', true, null),
    ranked(2, 2, 'b', true, 'a'),
    ranked(2, 2, 'b', true, 'b'),
  ]
  expect(order.toReversed().sort(compareRank)).toEqual(order)
  for (const [index, one] of order.entries()) {
    expect(compareRank(one, one)).toBe(0)
    for (const later of order.slice(index + 1)) {
      expect(compareRank(one, later)).toBeLessThan(0)
      expect(compareRank(later, one)).toBeGreaterThan(0)
    }
  }
})

test('rows of one file merge by standing, variant and region', () => {
  const row = (standing: number, variantId: number, region: string): OfferRow => [
    variantId,
    standing,
    0,
    1,
    region,
  ]
  const order = [row(1, 9, 'b'), row(2, 1, 'b'), row(2, 3, 'a'), row(2, 3, 'b'), row(2, 3, 'c')]
  const odd = order.filter((_, index) => index % 2 === 1)
  const even = order.filter((_, index) => index % 2 === 0)
  expect(merged(odd, even)).toEqual(order)
  expect(merged(even, odd)).toEqual(order)
  expect(merged([], odd)).toEqual(odd)
  expect(merged(odd, [])).toBe(odd)
})

import { expect, test } from 'vitest'
import type { Requirements } from '#domain/requirements'
import { explainWhy } from '#why/why'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../builders.ts'
import { withCatalog } from './catalog-of.ts'

const big = anInstanceType({ name: 'big', cpus: 12, memoryMib: 87_040, gpu: aGpu() })
const small = anInstanceType({
  name: 'small',
  cpus: 4,
  memoryMib: 16_384,
  gpu: aGpu({ name: 'L4', memoryMib: 24 * 1024, computeCapability: [8, 9] }),
})

const offers = [
  anOffer({ instanceType: big, region: 'us-central1', spot: true, priceNanoUsd: 1_570_000_000 }),
  anOffer({ instanceType: big, region: 'eu-west-1', priceNanoUsd: 820_000_000 }),
  anOffer({ instanceType: small, region: 'us-central1', priceNanoUsd: 220_000_000 }),
  anOffer({ instanceType: small, region: 'us-central1', spot: true, priceNanoUsd: 220_000_000 }),
  anOffer({ instanceType: anInstanceType(), region: 'us-central1', priceNanoUsd: 10_000_000 }),
]

const asked: Requirements = someRequirements({
  gpu: {
    names: null,
    vendors: null,
    count: { min: 1, max: 1 },
    memoryMib: { min: 80 * 1024, max: null },
    totalMemoryMib: null,
    computeCapability: null,
  },
  regions: ['us-central1'],
  maxPriceNanoUsd: 800_000_000,
})

test('the waterfall counts what each filter leaves, and what its absence would give', () => {
  const why = withCatalog(offers, (catalog) => explainWhy(catalog, asked))
  expect(why.total).toBe(5)
  expect(
    why.steps.map(({ filter, left, removed, ifDropped }) => [
      filter.name,
      left,
      removed,
      ifDropped.offers,
      ifDropped.cheapest?.id ?? null,
    ]),
  ).toEqual([
    ['gpu-count-min', 4, 1, 0, null],
    ['gpu-count-max', 4, 0, 0, null],
    ['gpu-memory-min', 2, 2, 2, 'aws/us-central1/small/on-demand'],
    ['regions', 1, 1, 0, null],
    ['max-price', 0, 1, 1, 'aws/us-central1/big/spot'],
  ])
})

test('the smallest changes come first, and of as many the cheapest', () => {
  const why = withCatalog(offers, (catalog) => explainWhy(catalog, asked))
  expect(
    why.relaxations.map(({ changes, offers: count, cheapest }) => [
      changes.map(({ filter, to }) => `${filter.name} ${String(to)}`).join(' + '),
      count,
      cheapest.priceNanoUsd,
    ]),
  ).toEqual([
    ['gpu-memory-min 24576', 2, 220_000_000],
    ['max-price 1570000000', 1, 1_570_000_000],
    ['regions null + max-price 820000000', 1, 820_000_000],
  ])
  expect(why.relaxationsFound).toBe(3)
})

test('a demand for accelerators never becomes none', () => {
  const machines = [anOffer()]
  const why = withCatalog(machines, (catalog) => explainWhy(catalog, asked))
  expect(why.relaxations).toEqual([])
  expect(why.steps[0]?.ifDropped.offers).toBe(0)
})

test('where something matches, a relaxation tells what it adds', () => {
  const cheap = { ...asked, maxPriceNanoUsd: 220_000_000, gpu: null }
  const why = withCatalog(offers, (catalog) => explainWhy(catalog, cheap))
  expect(why.matched).toBe(3)
  const [first] = why.relaxations
  expect(first?.changes.map(({ to }) => to)).toEqual([1_570_000_000])
  expect([first?.offers, first?.added]).toEqual([4, 1])
  expect(first?.cheapest.id).toBe('aws/us-central1/m5.large/on-demand')
  expect(first?.cheapestAdded.id).toBe('aws/us-central1/big/spot')
})

test('a bound that no price can reach is dropped', () => {
  const unknown = [anOffer({ priceNanoUsd: null })]
  const why = withCatalog(unknown, (catalog) =>
    explainWhy(catalog, someRequirements({ maxPriceNanoUsd: 1 })),
  )
  expect(why.relaxations.map(({ changes }) => changes.map(({ to }) => to))).toEqual([[null]])
})

test('whose GPUs are meant without a name limits what dropping the names gives', () => {
  const mi300 = aGpu({ name: 'MI300X', vendor: 'amd', computeCapability: null })
  const amd = anOffer({
    instanceType: anInstanceType({ name: 'amd', gpu: mi300 }),
    priceNanoUsd: 1,
  })
  const named = { ...asked, gpu: asked.gpu && { ...asked.gpu, names: ['T4'], memoryMib: null } }
  const firstOf = (unnamedVendors: readonly ['nvidia'] | null): string | undefined =>
    withCatalog([...offers, amd], (catalog) => {
      const open = { ...named, regions: null, maxPriceNanoUsd: null }
      return explainWhy(catalog, open, { unnamedVendors }).relaxations[0]?.cheapest.id
    })
  expect(firstOf(null)).toBe(amd.id)
  expect(firstOf(['nvidia'])).toBe('aws/us-central1/small/on-demand')
})

test('names that no offer carries come with the nearest that one does', () => {
  const wrong = someRequirements({
    regions: ['us-centrl1', 'eu-west-1'],
    backends: ['awss'],
    instanceTypes: ['bigg', 'no such thing at all'],
    gpu: asked.gpu && { ...asked.gpu, names: ['NVIDIA A100-SXM4-80GB', 'a100', 'L5'] },
  })
  const why = withCatalog(offers, (catalog) => explainWhy(catalog, wrong))
  expect(why.nearMisses.map(({ kind, name, nearest }) => `${kind} ${name}: ${nearest}`)).toEqual([
    'gpu NVIDIA A100-SXM4-80GB: A100',
    'gpu L5: L4',
    'backend awss: aws',
    'region us-centrl1: us-central1',
    'instance-type bigg: big',
    'instance-type no such thing at all: null',
  ])
})

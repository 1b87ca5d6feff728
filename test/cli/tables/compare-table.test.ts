import { expect, test } from 'vitest'
import { compareRequests, type Comparison } from '#api/groups'
import { toComparisonDocument } from '#cli/output/compare-document'
import { plainStyle } from '#cli/style'
import { printComparison } from '#cli/tables/compare-table'
import { textWidth } from '#cli/text-width'
import type { Requirements } from '#domain/requirements'
import { someRequirements } from '../../builders.ts'
import { catalogOf } from '../../groups/catalog-of.ts'
import { anA100, anOffer } from '../builders.ts'

const offers = [
  anOffer({
    backend: 'runpod',
    region: null,
    spot: true,
    priceNanoUsd: 820_000_000,
    instanceType: { name: 'NVIDIA A100 80GB PCIe', gpu: anA100 },
  }),
  anOffer({
    backend: 'azure',
    region: 'eastus',
    priceNanoUsd: 3_673_000_000,
    instanceType: { name: 'Standard_NC24ads_A100_v4', gpu: anA100, cpus: 24 },
  }),
  anOffer({
    backend: 'gcp',
    region: 'us-central1',
    priceNanoUsd: 706_800_000,
    instanceType: { name: 'g2-standard-4', gpu: { ...anA100, name: 'L4', memoryMib: 24 * 1024 } },
  }),
  anOffer(),
]

const gpu = (names: readonly string[]): NonNullable<Requirements['gpu']> => ({
  names,
  vendors: null,
  count: { min: 1, max: 1 },
  memoryMib: null,
  totalMemoryMib: null,
  computeCapability: null,
})

const compared = (...asked: readonly Partial<Requirements>[]): Comparison => {
  const memory = catalogOf(offers)
  const catalog = {
    ...memory,
    search: (requirements: Requirements, { limit }: { readonly limit: number }) => ({
      offers: memory.first(requirements, limit),
      matched: memory.count(requirements),
    }),
  }
  const labels = ['serve.dstack.yml', 'train/.dstack.yml', 'third.dstack.yml']
  const requests = asked.map((over, index) => ({
    label: labels[index] ?? '',
    requirements: someRequirements(over),
  }))
  const comparison = compareRequests(catalog, requests, 2)
  memory.close()
  return comparison
}

const two = compared(
  { gpu: gpu(['A100', 'L4']), maxPriceNanoUsd: 4_000_000_000 },
  { gpu: gpu(['A100']), spot: false, backends: ['azure', 'gcp'], regions: [] },
)
const three = compared({ gpu: gpu(['A100', 'L4']) }, { cpu: { min: 16, max: null } }, {})

const table = (comparison: Comparison, width: number | null = null) =>
  printComparison(comparison, { style: plainStyle, width })

test('two sides, one without offers', () => {
  expect(table(two)).toMatchInlineSnapshot(`
    "             serve.dstack.yml  train/.dstack.yml
    Asked differently
      gpu        1×A100,L4         1×A100
      spot       either            on-demand only
      max price  $4/h              any
      backends   any               azure, gcp
      regions    any               none (the list is empty)
    Answer
      offers     3 offers          0 offers
      $/h        0.7068..3.6730    -
      $/GPU-h    0.7068..3.6730    -
      cheapest   0.7068 $/h        -
                 gcp us-central1
                 g2-standard-4
                 1×L4 24GB
    From $/GPU-h
      L4 24GB    0.7068            -
      A100 80GB  0.8200            -
    No offer will do for all of them."
  `)
})

test('three sides', () => {
  expect(table(three)).toMatchInlineSnapshot(`
    "             serve.dstack.yml  train/.dstack.yml         third.dstack.yml
    Asked differently
      cpu        any               16..                      any
      gpu        1×A100,L4         any                       any
    Answer
      offers     3 offers          1 offer                   4 offers
      $/h        0.7068..3.6730    3.6730                    0.1920..3.6730
      $/GPU-h    0.7068..3.6730    3.6730                    0.7068..3.6730
      cheapest   0.7068 $/h        3.6730 $/h                0.1920 $/h
                 gcp us-central1   azure eastus              aws us-east-1
                 g2-standard-4     Standard_NC24ads_A100_v4  m5.xlarge
                 1×L4 24GB         1×A100 80GB               4cpu 16GB
    From $/GPU-h
      L4 24GB    0.7068            -                         0.7068
      A100 80GB  0.8200            3.6730                    0.8200
    Cheapest that will do for all · azure/eastus/Standard_NC24ads_A100_v4/on-demand · $3.673/h"
  `)
})

test('40 columns take a line a side', () => {
  expect(table(three, 40)).toMatchInlineSnapshot(`
    "Asked differently
      cpu
        serve.dstack.yml: any
        train/.dstack.yml: 16..
        third.dstack.yml: any
      gpu
        serve.dstack.yml: 1×A100,L4
        train/.dstack.yml: any
        third.dstack.yml: any
    Answer
      offers
        serve.dstack.yml: 3 offers
        train/.dstack.yml: 1 offer
        third.dstack.yml: 4 offers
      $/h
        serve.dstack.yml: 0.7068..3.6730
        train/.dstack.yml: 3.6730
        third.dstack.yml: 0.1920..3.6730
      $/GPU-h
        serve.dstack.yml: 0.7068..3.6730
        train/.dstack.yml: 3.6730
        third.dstack.yml: 0.7068..3.6730
      cheapest
        serve.dstack.yml: 0.7068 $/h
          gcp us-central1 · g2-standard-4
          1×L4 24GB
        train/.dstack.yml: 3.6730 $/h
          azure eastus
          Standard_NC24ads_A100_v4
          1×A100 80GB
        third.dstack.yml: 0.1920 $/h
          aws us-east-1 · m5.xlarge
          4cpu 16GB
    From $/GPU-h
      L4 24GB
        serve.dstack.yml: 0.7068
        train/.dstack.yml: -
        third.dstack.yml: 0.7068
      A100 80GB
        serve.dstack.yml: 0.8200
        train/.dstack.yml: 3.6730
        third.dstack.yml: 0.8200
    Cheapest that will do for all
      azure/eastus/Standard_NC24ads_A100_v4/on-demand
      $3.673/h"
  `)
})

test('sides that ask the same', () => {
  expect(table(compared({}, {}))).toContain('All ask the same.')
})

test.each([60, 80, 100])('nothing passes %i columns', (width) => {
  for (const line of table(three, width).split('\n'))
    expect(textWidth(line), line).toBeLessThanOrEqual(width)
})

test('the document', () => {
  expect(toComparisonDocument(two, 'd')).toMatchObject({
    kind: 'comparison',
    differing: ['gpu', 'spot', 'max_price', 'backends', 'regions'],
    sides: [
      {
        label: 'serve.dstack.yml',
        counts: { matched: 3, available: 3, unknown_prices: 0 },
        price: { min: '0.7068', max: '3.673', currency: 'USD', per: 'instance_hour' },
        price_per_gpu: { min: '0.7068', max: '3.673', currency: 'USD', per: 'gpu_hour' },
        offers: [
          { rank: 1, instance_type: 'g2-standard-4' },
          { rank: 2, backend: 'runpod' },
        ],
      },
      { counts: { matched: 0 }, price: null, price_per_gpu: null, offers: [] },
    ],
    gpus: [
      { gpu: { name: 'L4' }, sides: [{ offers: 1 }, null] },
      { gpu: { name: 'A100' }, sides: [{ offers: 2, price: { min: '0.82' } }, null] },
    ],
    common_offer: null,
  })
  expect(toComparisonDocument(three, 'd')).toMatchObject({
    common_offer: { rank: 1, id: 'azure/eastus/Standard_NC24ads_A100_v4/on-demand' },
  })
})

import { expect, test } from 'vitest'
import { groupOffers, parseGrouping, type Groups } from '#api/groups'
import { toGroupsDocument } from '#cli/output/group-document'
import { colourStyle, plainStyle } from '#cli/style'
import { printGroupsTable } from '#cli/tables/group-table'
import { textWidth } from '#cli/text-width'
import type { Offer } from '#domain/offer'
import { someRequirements } from '../../builders.ts'
import { catalogOf } from '../../groups/catalog-of.ts'
import { anA100, anOffer } from '../builders.ts'

const l4 = { ...anA100, name: 'L4', memoryMib: 24 * 1024 }

const offers: readonly Offer[] = [
  anOffer({
    backend: 'runpod',
    region: null,
    spot: true,
    priceNanoUsd: 820_000_000,
    instanceType: { name: 'one', gpu: anA100 },
  }),
  ...['eastus', 'westus3', 'westus2', 'southafricanorth'].map((region) =>
    anOffer({
      backend: 'azure',
      region,
      priceNanoUsd: 14_692_000_000,
      instanceType: { name: 'four', gpu: anA100, gpuCount: 4 },
    }),
  ),
  anOffer({
    backend: 'gcp',
    region: 'us-central1',
    priceNanoUsd: 706_800_000,
    stock: 'none',
    instanceType: { name: 'g2', gpu: l4 },
  }),
  anOffer({
    backend: 'aws',
    priceNanoUsd: null,
    instanceType: { name: 'g6', gpu: l4 },
  }),
  anOffer(),
]

const groupsBy = (words: string, from: readonly Offer[] = offers): Groups => {
  const catalog = catalogOf(from)
  const groups = groupOffers(catalog, someRequirements(), parseGrouping([words]))
  catalog.close()
  return groups
}

const table = (words: string, width: number | null = null, from = offers) =>
  printGroupsTable(groupsBy(words, from), { style: plainStyle, width })

test('by GPU', () => {
  expect(table('gpu')).toMatchInlineSnapshot(`
    "#  GPU        COUNT  OFFERS  SPOT                    $/GPU-H          $/GB-H              $/H  BACKENDS       IN STOCK
    1  A100 80GB   1..4       5  spot, on-demand  0.8200..3.6730  0.0103..0.0459  0.8200..14.6920  runpod, azure
    2  L4 24GB        1       2  on-demand                0.7068          0.0295           0.7068  aws, gcp       1 of 2
    3  no GPU         -       1  on-demand                     -               -           0.1920  aws
    3 groups of 8 offers · 1 without a price (?)
    Prices from least to greatest · GB is the memory of a GPU"
  `)
})

test('by GPU and backend, with the regions where it is sold', () => {
  expect(table('gpu,backend')).toMatchInlineSnapshot(`
    "#  GPU        COUNT  OFFERS  SPOT       $/GPU-H  $/GB-H      $/H  BACKEND  REGIONS      IN STOCK
    1  A100 80GB      1       1  spot        0.8200  0.0103   0.8200  runpod   ?
    2  A100 80GB      4       4  on-demand   3.6730  0.0459  14.6920  azure    4 regions
    3  L4 24GB        1       1  on-demand        ?       ?        ?  aws      us-east-1
    4  no GPU         -       1  on-demand        -       -   0.1920  aws      us-east-1
    5  L4 24GB        1       1  on-demand   0.7068  0.0295   0.7068  gcp      us-central1  none
    5 groups of 8 offers · 1 without a price (?)
    Prices from least to greatest · GB is the memory of a GPU"
  `)
})

test('by everything', () => {
  expect(table('gpu,backend,region,count')).toMatchInlineSnapshot(`
    "#  GPU        COUNT  OFFERS  SPOT       $/GPU-H  $/GB-H      $/H  BACKEND  REGION            IN STOCK
    1  A100 80GB      1       1  spot        0.8200  0.0103   0.8200  runpod   ?
    2  A100 80GB      4       1  on-demand   3.6730  0.0459  14.6920  azure    eastus
    3  A100 80GB      4       1  on-demand   3.6730  0.0459  14.6920  azure    southafricanorth
    4  A100 80GB      4       1  on-demand   3.6730  0.0459  14.6920  azure    westus2
    5  A100 80GB      4       1  on-demand   3.6730  0.0459  14.6920  azure    westus3
    6  L4 24GB        1       1  on-demand        ?       ?        ?  aws      us-east-1
    7  no GPU         -       1  on-demand        -       -   0.1920  aws      us-east-1
    8  L4 24GB        1       1  on-demand   0.7068  0.0295   0.7068  gcp      us-central1       none
    8 groups of 8 offers · 1 without a price (?)
    Prices from least to greatest · GB is the memory of a GPU"
  `)
})

test('80 columns go without prices that follow from others', () => {
  expect(table('gpu,backend', 80)).toMatchInlineSnapshot(`
    "#  GPU        COUNT  OFFERS  $/GPU-H      $/H  BACKEND  REGIONS      IN STOCK
    1  A100 80GB      1       1   0.8200   0.8200  runpod   ?
    2  A100 80GB      4       4   3.6730  14.6920  azure    4 regions
    3  L4 24GB        1       1        ?        ?  aws      us-east-1
    4  no GPU         -       1        -   0.1920  aws      us-east-1
    5  L4 24GB        1       1   0.7068   0.7068  gcp      us-central1  none
    5 groups of 8 offers · 1 without a price (?)
    Prices from least to greatest · GB is the memory of a GPU"
  `)
})

test('40 columns take several lines a group', () => {
  expect(table('gpu,backend', 40)).toMatchInlineSnapshot(`
    "# · GPU · COUNT · $/GPU-H · $/H
       BACKEND · REGIONS · IN STOCK
    1 · A100 80GB · 1 · 0.8200 · 0.8200
       runpod · ?
    2 · A100 80GB · 4 · 3.6730 · 14.6920
       azure · 4 regions
    3 · L4 24GB · 1 · ? · ? · aws
       us-east-1
    4 · no GPU · - · - · 0.1920 · aws
       us-east-1
    5 · L4 24GB · 1 · 0.7068 · 0.7068
       gcp · us-central1 · none
    5 groups of 8 offers
    1 without a price (?)
    Prices from least to greatest
    GB is the memory of a GPU"
  `)
})

test('more than three backends: the cheapest, and how many more', () => {
  const many = ['aws', 'azure', 'gcp', 'runpod', 'vultr'].map((backend, index) =>
    anOffer({ backend, priceNanoUsd: (9 - index) * 1e9, instanceType: { gpu: anA100 } }),
  )
  expect(table('gpu', null, many)).toContain('vultr, runpod, gcp +2')
})

test.each(['gpu', 'gpu,backend', 'gpu,backend,region,count'])(
  'nothing passes the width: %s',
  (words) => {
    for (const width of [40, 60, 80, 100, 140]) {
      for (const line of table(words, width).split('\n'))
        expect(textWidth(line), line).toBeLessThanOrEqual(width)
    }
  },
)

test('colour adds no word and hides none', () => {
  const coloured = printGroupsTable(groupsBy('gpu'), { style: colourStyle, width: null })
  // oxlint-disable-next-line no-control-regex
  expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(table('gpu'))
  expect(coloured).not.toBe(table('gpu'))
})

test('the document', () => {
  const document = toGroupsDocument(
    groupsBy('gpu,backend', offers.slice(0, 2)),
    someRequirements(),
    'd',
  )
  expect(document).toMatchInlineSnapshot(`
    {
      "catalog": {
        "digest": "d",
      },
      "counts": {
        "groups": 2,
        "matched": 2,
      },
      "format_version": "1.0",
      "group_by": [
        "gpu",
        "backend",
      ],
      "groups": [
        {
          "available": 1,
          "backend": "runpod",
          "backends": null,
          "count": {
            "max": 1,
            "min": 1,
          },
          "first_offer": "runpod/?/one/spot",
          "from": {
            "amount": "0.82",
            "currency": "USD",
            "per": "gpu_hour",
          },
          "gpu": {
            "memory_mib": 81920,
            "name": "A100",
            "vendor": "nvidia",
          },
          "offers": 1,
          "price": {
            "currency": "USD",
            "max": "0.82",
            "min": "0.82",
            "per": "instance_hour",
          },
          "price_per_gpu": {
            "currency": "USD",
            "max": "0.82",
            "min": "0.82",
            "per": "gpu_hour",
          },
          "price_per_gpu_gb": {
            "currency": "USD",
            "max": "0.01025",
            "min": "0.01025",
            "per": "gpu_gb_hour",
          },
          "rank": 1,
          "region": null,
          "regions": [
            null,
          ],
          "spot": [
            "spot",
          ],
          "unknown_prices": 0,
        },
        {
          "available": 1,
          "backend": "azure",
          "backends": null,
          "count": {
            "max": 4,
            "min": 4,
          },
          "first_offer": "azure/eastus/four/on-demand",
          "from": {
            "amount": "3.673",
            "currency": "USD",
            "per": "gpu_hour",
          },
          "gpu": {
            "memory_mib": 81920,
            "name": "A100",
            "vendor": "nvidia",
          },
          "offers": 1,
          "price": {
            "currency": "USD",
            "max": "14.692",
            "min": "14.692",
            "per": "instance_hour",
          },
          "price_per_gpu": {
            "currency": "USD",
            "max": "3.673",
            "min": "3.673",
            "per": "gpu_hour",
          },
          "price_per_gpu_gb": {
            "currency": "USD",
            "max": "0.0459125",
            "min": "0.0459125",
            "per": "gpu_gb_hour",
          },
          "rank": 2,
          "region": null,
          "regions": [
            "eastus",
          ],
          "spot": [
            "on-demand",
          ],
          "unknown_prices": 0,
        },
      ],
      "kind": "groups",
      "requirements": {
        "backends": null,
        "cpus": {
          "max": null,
          "min": null,
        },
        "disk_mib": null,
        "gpu": null,
        "instance_types": null,
        "max_price": null,
        "memory_mib": {
          "max": null,
          "min": null,
        },
        "regions": null,
        "spot": null,
      },
    }
  `)
})

test('the document of a region, and of machines without accelerators', () => {
  const groups = groupsBy('gpu,backend,region', [
    anOffer(),
    anOffer({ backend: 'gcp', region: null }),
  ])
  expect(toGroupsDocument(groups, someRequirements(), 'd')).toMatchObject({
    group_by: ['gpu', 'backend', 'region'],
    counts: { groups: 2, matched: 2 },
    groups: [
      {
        gpu: null,
        count: null,
        backend: 'aws',
        backends: null,
        region: 'us-east-1',
        regions: null,
      },
      { backend: 'gcp', region: null, price_per_gpu: null, price: { min: '0.192', max: '0.192' } },
    ],
  })
})

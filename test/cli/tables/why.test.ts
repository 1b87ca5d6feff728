import { expect, test } from 'vitest'
import { explainWhy } from '#api/why'
import { plainStyle } from '#cli/style'
import { printProvenance } from '#cli/tables/why-provenance'
import { describeNearMiss, printWhy } from '#cli/tables/why-report'
import { describeChange, describeFilter } from '#cli/tables/why-words'
import { toProvenanceDocument, toWhyDocument } from '#cli/output/why-document'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../../builders.ts'
import { withCatalog } from '../../why/catalog-of.ts'

const instanceType = anInstanceType({ name: 'a2-ultragpu-1g', cpus: 12, gpu: aGpu() })
const inGcp = { backend: 'gcp', region: 'us-central1', instanceType }
const offers = [
  anOffer({ ...inGcp, spot: true, priceNanoUsd: 1_570_000_000 }),
  anOffer({ ...inGcp, priceNanoUsd: 5_000_000_000 }),
  anOffer({ backend: 'vastai', region: null, instanceType, spot: true, priceNanoUsd: 820_000_000 }),
  anOffer(),
]
const asked = someRequirements({
  gpu: {
    names: ['a100'],
    vendors: null,
    count: { min: 1, max: 1 },
    memoryMib: { min: 80 * 1024, max: null },
    totalMemoryMib: null,
    computeCapability: null,
  },
  regions: ['us-central1'],
  maxPriceNanoUsd: 800_000_000,
})
const why = withCatalog(offers, (catalog) => explainWhy(catalog, asked))

test('a report: the waterfall, then the ways out', () => {
  expect(printWhy(why, { style: plainStyle, width: null })).toBe(
    `No offer matches, of 4 offers.

FILTER (IN ORDER)    LEFT  REMOVED  IF DROPPED  CHEAPEST THEN
gpu name a100           3        1           0
regions us-central1     2        1           0
max_price 0.8           0        2           2  $1.57 gcp us-central1 a2-ultragpu-1g spot
without effect of their own: gpu count 1.. · gpu count ..1 · gpu memory 80GB..

Smallest changes that give an offer:
1.  max_price 0.8 → 1.57                1 offer  $1.57 gcp us-central1 a2-ultragpu-1g spot
2.  any regions + max_price 0.8 → 0.82  1 offer  $0.82 vastai ? a2-ultragpu-1g spot`,
  )
})

test('a narrow terminal gets two lines a change, and no line past its width', () => {
  const text = printWhy(why, { style: plainStyle, width: 60 })
  expect(text).toContain(
    '1. max_price 0.8 → 1.57\n   1 offer: $1.57 gcp us-central1 a2-ultragpu-1g spot',
  )
  expect(text).not.toContain('CHEAPEST THEN')
  const lines = text.split('\n').filter((line) => !line.startsWith('without effect'))
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
})

test('where some match, it tells what more a change gives', () => {
  const cheap = { ...asked, maxPriceNanoUsd: 2_000_000_000 }
  const some = withCatalog(offers, (catalog) => explainWhy(catalog, cheap, { relaxations: 1 }))
  const text = printWhy(some, { style: plainStyle, width: null })
  expect(text).toContain('1 of 4 offers matches.')
  expect(text).toContain('Smallest changes that give more offers:\n1.  any regions  1 more  $0.82')
  expect(text).toContain('and 1 way more')
})

test('nothing asked and nothing reachable are said', () => {
  const all = withCatalog(offers, (catalog) => explainWhy(catalog, someRequirements()))
  expect(printWhy(all, { style: plainStyle, width: null })).toBe('4 of 4 offers match.')
  const none = withCatalog([anOffer()], (catalog) => explainWhy(catalog, asked))
  expect(printWhy(none, { style: plainStyle, width: null })).toContain(
    'No change of three filters or fewer gives an offer.',
  )
})

test('a filter and its change in words', () => {
  const regions = { kind: 'set', name: 'regions', asked: ['a', 'b', 'c', 'd', 'e'] } as const
  expect(describeFilter(regions)).toBe('regions a, b, c and 2 more')
  expect(describeFilter({ ...regions, asked: [] })).toBe('regions (an empty list)')
  expect(describeChange({ filter: regions, to: null })).toBe('any regions')
  const spot = { kind: 'spot', name: 'spot', asked: false } as const
  expect(describeChange({ filter: spot, to: null })).toBe('spot_policy on-demand → auto')
  const disk = { kind: 'bound', name: 'disk-min', asked: 102_400 } as const
  expect(describeChange({ filter: disk, to: null })).toBe('disk 100GB.. → any')
  const capability = { kind: 'bound', name: 'gpu-capability', asked: 9000 } as const
  expect(describeChange({ filter: capability, to: 8006 })).toBe(
    'gpu compute_capability 9.0.. → 8.6..',
  )
})

test('an unknown name is said with the nearest known one', () => {
  expect(describeNearMiss({ kind: 'region', name: 'eu-wst-1', nearest: 'eu-west-1' })).toBe(
    'no such region in any catalog: "eu-wst-1"; nearest: eu-west-1',
  )
  expect(describeNearMiss({ kind: 'instance-type', name: 'x\u001b[31m', nearest: null })).toBe(
    'no such instance type in any catalog: "x�[31m"',
  )
})

test('the document promises what the report does, in exact decimals', () => {
  expect(toWhyDocument(why)).toMatchObject({
    kind: 'why',
    counts: { offers: 4, matched: 0 },
    relaxations_found: 2,
    near_misses: [],
    relaxations: [
      {
        rank: 1,
        changes: [{ filter: 'max_price', from: '0.8', to: '1.57' }],
        keys: [{ key: 'max_price', value: '1.57' }],
        offers: 1,
        added: 1,
        cheapest: { id: 'gcp/us-central1/a2-ultragpu-1g/spot' },
      },
      {
        changes: [
          { filter: 'regions', from: ['us-central1'], to: null },
          { filter: 'max_price', from: '0.8', to: '0.82' },
        ],
        keys: [
          { key: 'regions', value: null },
          { key: 'max_price', value: '0.82' },
        ],
      },
    ],
  })
  expect(JSON.stringify(toWhyDocument(why))).not.toContain('undefined')
})

test('provenance: where a price was seen, how old it is, and what changed it', () => {
  const [offer = anOffer()] = offers
  const provenance = {
    offer,
    notes: ['on-demand prices only', 'disks are billed apart'],
    backendDigest: '099c694ec77d15f1ab',
    backendOffers: 2,
    importer: 'embedded with dstack-offers 0.1.0',
    steps: [
      { by: 'observed', priceNanoUsd: 1_744_444_444 },
      { by: 'rule 1 of .dstack/prices.yml', priceNanoUsd: 1_570_000_000 },
    ],
  }
  const nowMs = Date.parse('2026-07-20T02:00:00Z')
  expect(printProvenance(provenance, { rank: 3, nowMs, style: plainStyle })).toBe(
    `#3         gcp/us-central1/a2-ultragpu-1g/spot
Machine    12cpu 8GB · GPU 1×A100 80GB
Where      gcp · region us-central1 · spot
Price      $1.744444444/h observed → $1.57/h by rule 1 of .dstack/prices.yml
Stock      unknown
Source     a price list
Observed   2026-07-20T00:00:00Z (2h)
Catalog    2 offers of gcp, digest 099c694ec77d15f1
Imported   embedded with dstack-offers 0.1.0
Notes      on-demand prices only
           disks are billed apart`,
  )
  expect(toProvenanceDocument(provenance, 3)).toMatchObject({
    kind: 'provenance',
    offer: { rank: 3, source: 'a price list' },
    price_steps: [
      { by: 'observed', amount: '1.744444444' },
      { by: 'rule 1 of .dstack/prices.yml', amount: '1.57' },
    ],
  })
})

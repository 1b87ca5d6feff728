import { describe, expect, test } from 'vitest'
import type { Offer } from '#domain/offer'
import { parseBudget } from '#cost/budget'
import { bandOfRows } from '#cost/interruption'
import { type Ranking, rankOffers, type RankOptions } from '#cost/rank'
import { plainStyle } from '#cli/style'
import { toCostDocument, toRankingDocument } from '#cli/output/cost-document'
import { printRounded } from '#cli/tables/cost-columns'
import { printCostNotes } from '#cli/tables/cost-notes'
import { printCostTable } from '#cli/tables/cost-table'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../builders.ts'

const machine = anInstanceType({
  name: 'g5.xlarge',
  gpu: aGpu({ name: 'A10G', memoryMib: 24_576 }),
})

/** In the documented order, as a catalog gives them. */
const offers: readonly Offer[] = [
  anOffer({ instanceType: machine, spot: true, priceNanoUsd: 400_000_000 }),
  anOffer({ backend: 'azure', region: 'eastus', instanceType: machine, priceNanoUsd: 900_000_000 }),
  anOffer({ instanceType: machine, priceNanoUsd: 1_006_000_000 }),
  anOffer({ backend: 'gcp', region: 'us-central1', instanceType: machine, priceNanoUsd: null }),
]

const rank = (over: Partial<RankOptions> = {}): Ranking =>
  rankOffers(
    {
      first: ({ maxPriceNanoUsd: most }, limit) =>
        offers
          .filter(({ priceNanoUsd: price }) => most === null || (price !== null && price <= most))
          .slice(0, limit || undefined),
      count: ({ maxPriceNanoUsd: most }) =>
        offers.filter(
          ({ priceNanoUsd: price }) => most === null || (price !== null && price <= most),
        ).length,
    },
    someRequirements(),
    {
      by: 'total',
      limit: 0,
      question: { diskMib: 102_400, durationSeconds: null, replicas: { min: 1, max: 1 } },
      bandsSeenOn: '2026-11-24',
      bandOf: bandOfRows([{ instanceType: 'g5.xlarge', region: 'us-east-1', band: '15-20' }]),
      budget: null,
      ...over,
    },
  )

const table = (ranking: Ranking, width: number | null = null): string =>
  printCostTable(ranking, { width, style: plainStyle }).join('\n')

test('a table of totals: what is not counted is said, and stands last', () => {
  expect(`\n${table(rank())}\n`).toBe(`
#  BACKEND  REGION       INSTANCE TYPE  GPU          SPOT     $/H     DISK $/H  TOTAL $/H  $/MONTH
1  aws      us-east-1    g5.xlarge      1×A10G 24GB  spot  0.4000       0.0110     0.4110   300.00
2  aws      us-east-1    g5.xlarge      1×A10G 24GB  -     1.0060       0.0110     1.0170   742.38
3  azure    eastus       g5.xlarge      1×A10G 24GB  -     0.9000  not counted    ≥0.9000  ≥657.00
4  gcp      us-central1  g5.xlarge      1×A10G 24GB  -          ?       0.0137          ?        ?
`)
})

test('a run, replicas and a budget add their columns', () => {
  const ranking = rank({
    question: { diskMib: null, durationSeconds: 600, replicas: { min: 1, max: 4 } },
    budget: parseBudget('700/month'),
  })
  expect(`\n${table(ranking)}\n`).toBe(`
#  BACKEND  REGION     INSTANCE TYPE  GPU          SPOT     $/H  TOTAL $/H  $/MONTH   $/RUN     ALL $/H      ALL $/MONTH  FIT
1  aws      us-east-1  g5.xlarge      1×A10G 24GB  spot  0.4000     0.4000   292.00  0.0667  0.40..1.60  292.00..1168.00    2
2  azure    eastus     g5.xlarge      1×A10G 24GB  -     0.9000     0.9000   657.00  0.1500  0.90..3.60  657.00..2628.00    1
`)
  expect(printCostNotes(ranking)).toContain(
    'Left out, beyond the budget or of unknown price: 2 offers.',
  )
})

test('by expected price, the risk is said', () => {
  const lines = table(rank({ by: 'expected' })).split('\n')
  expect(lines.map((line) => line.slice(-26))).toEqual([
    'INTERRUPTED  EXPECTED $/H'.padStart(26),
    '15-20%        0.4001'.padStart(26),
    '-        0.9000'.padStart(26),
    '-        1.0060'.padStart(26),
    '-             ?'.padStart(26),
  ])
  expect(printCostNotes(rank({ by: 'expected' })).at(-1)).toBe(
    "Bands are those of AWS's spot advisor, 2026-11-24.",
  )
})

test('80 columns hold every order, with its totals', () => {
  for (const by of ['price', 'total', 'gpu-hour', 'vram', 'expected'] as const) {
    const question = { diskMib: 102_400, durationSeconds: null, replicas: { min: 1, max: 1 } }
    const lines = table(rank({ by, question }), 80).split('\n')
    expect(Math.max(...lines.map((line) => line.length)), by).toBeLessThanOrEqual(80)
    expect(lines[0], by).toMatch(/INSTANCE TYPE.*TOTAL \$\/H.*\$\/MONTH/)
  }
})

test('notes name sources, and what is missing', () => {
  const question = { diskMib: 102_400, durationSeconds: 60, replicas: { min: 1, max: 1 } }
  const notes = printCostNotes(rank({ question }))
  expect(notes[0]).toBe('A month is 730 hours.')
  expect(notes).toContain(
    'Disk on aws: 100 GB of EBS gp3 (aws.amazon.com/ebs/pricing, since gp3 began, 2020-12-01).',
  )
  expect(notes).toContain('Disk not counted, no published rate: azure.')
  expect(notes).toContain('Ranked last, without a total that is counted whole: 2 offers.')
  expect(
    notes.filter((note) => note.startsWith('Billed on aws by 1 s, at least 60 s')),
  ).toHaveLength(1)
})

describe('amounts', () => {
  test.each([
    [0n, 2, '0.00'],
    [4_999_999n, 2, '<0.01'],
    [5_000_000n, 2, '0.01'],
    [1_234_567_890n, 4, '1.2346'],
    [49_999n, 4, '<0.0001'],
    [12_000_000_000n, 4, '12.0000'],
  ] as const)('%s with %s decimals is %s', (nanoUsd, decimals, text) => {
    expect(printRounded(nanoUsd, decimals)).toBe(text)
  })
})

test('as a document: decimal strings, null for what is not known', () => {
  const question = { diskMib: 102_400, durationSeconds: 600, replicas: { min: 1, max: 2 } }
  const ranking = rank({ question, budget: parseBudget('900/month') })
  const [spot, , azure] = ranking.offers.map(toCostDocument)
  expect(spot).toEqual({
    currency: 'USD',
    complete: true,
    compute: { per_hour: '0.4', per_month: '292', per_run: '0.066666667' },
    disk: {
      state: 'counted',
      size_gb: 100,
      cost: { per_hour: '0.010958905', per_month: '8', per_run: '0.001826485' },
      rate: {
        product: 'EBS gp3',
        amount_per_gb: '0.08',
        per_hours: 730,
        source: 'aws.amazon.com/ebs/pricing, since gp3 began',
        as_of: '2020-12-01',
      },
    },
    replica: { per_hour: '0.410958905', per_month: '300', per_run: '0.068493152' },
    replicas: {
      least: { per_hour: '0.410958905', per_month: '300', per_run: '0.068493152' },
      most: { per_hour: '0.82191781', per_month: '600', per_run: '0.136986304' },
    },
    billing: {
      quantum_s: 1,
      minimum_s: 60,
      minimum_charge: null,
      source: 'aws.amazon.com/about-aws/whats-new: Amazon EC2 per-second billing',
      as_of: '2017-10-02',
    },
    billed_s: 600,
    interruption: { risk: 'band', percent_a_month: '15-20' },
    expected_per_hour: '0.400007992',
    rank_key: '0.068493152',
    fit: { replicas: 3, at_most: false },
  })
  expect(azure).toMatchObject({
    complete: false,
    disk: { state: 'not-counted', size_gb: 100, cost: null, rate: null },
    rank_key: null,
    fit: { replicas: 1, at_most: true },
  })
  expect(toRankingDocument(ranking)).toEqual({
    by: 'total',
    hours_per_month: 730,
    disk_mib: 102_400,
    run_s: 600,
    interruption_seen_on: '2026-11-24',
    replicas: { min: 1, max: 2 },
    budget: { amount: '900', currency: 'USD', per: 'month' },
    counts: { matched: 3, lacking_key: 1, beyond_budget: 1 },
  })
})

import type { Json } from '#domain/json'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import type { OffersAnswer } from '#cli/answer'
import { toAnswerDocument } from '#cli/output/answer-document'
import { printCsv } from '#cli/output/csv'
import { toOfferDocument, toOffersDocument } from '#cli/output/document'
import { flatColumns, flattenOffer } from '#cli/output/flat-offer'
import { printJsonl } from '#cli/output/jsonl'
import { printMarkdown } from '#cli/output/md'
import { printTsv } from '#cli/output/tsv'
import { printYaml } from '#cli/output/yaml'
import { offersSchema } from '#cli/schemas/offers'
import { anything, atLeast, exactly } from '#domain/range'
import { anA100, anOffer, noonMs } from '../builders.ts'
import { check } from './json-schema.ts'

const offers = [
  anOffer({ priceNanoUsd: 5_200_001, instanceType: { name: 't3.nano', cpus: 0.5, diskMib: 1024 } }),
  anOffer({
    region: null,
    spot: true,
    priceNanoUsd: null,
    stock: 'low',
    instanceType: { name: 'say "8, please"\t|', gpu: anA100, gpuCount: 8 },
  }),
]

const answer: OffersAnswer = {
  subject: null,
  profileName: null,
  requirements: {
    cpu: atLeast(2),
    memoryMib: anything,
    diskMib: null,
    gpu: {
      names: ['A100'],
      vendors: null,
      count: exactly(8),
      memoryMib: atLeast(40 * 1024),
      totalMemoryMib: null,
      computeCapability: [8, 10],
    },
    spot: null,
    maxPriceNanoUsd: 3_000_000_000,
    backends: null,
    regions: [],
    instanceTypes: null,
  },
  catalog: { digest: 'a'.repeat(64), backends: 1, offers: 12, oldest: null },
  offers,
  matched: 9,
  nowMs: noonMs,
}

const document = () => toOffersDocument(answer, null)
const whole = await toAnswerDocument(answer)

test('the document meets its schema', () => {
  expect(check(offersSchema, whole)).toEqual([])
})

test.each<[string, (copy: Record<string, unknown>) => void]>([
  ['an unknown key', (copy) => Object.assign(copy, { extra: 1 })],
  ['a missing key', (copy) => delete copy['counts']],
  ['a number for money', (copy) => Object.assign(copy, { offers: [{ price: { amount: 1 } }] })],
  ['another version', (copy) => Object.assign(copy, { format_version: '2.0' })],
])('the schema refuses %s', (_, spoil) => {
  const copy: unknown = JSON.parse(JSON.stringify(whole))
  if (typeof copy !== 'object' || copy === null) throw new Error('the document is no object')
  spoil(Object.fromEntries(Object.entries(copy)))
  const spoiled = Object.fromEntries(Object.entries(copy))
  spoil(spoiled)
  expect(check(offersSchema, spoiled)).not.toEqual([])
})

test('money is exact and unknown is null', () => {
  expect(document()).toMatchObject({
    counts: { matched: 9, shown: 2, hidden: 7 },
    requirements: { max_price: { amount: '3' }, gpu: { compute_capability: '8.10' } },
    offers: [
      { rank: 1, id: 'aws/us-east-1/t3.nano/on-demand', price: { amount: '0.005200001' } },
      { rank: 2, region: null, price: { amount: null }, gpu: { count: 8, memory_mib: 81920 } },
    ],
  })
})

test('YAML says the same as JSON', () => {
  expect(parse(printYaml(document()))).toEqual(JSON.parse(JSON.stringify(document())))
})

test.each<[Json]>([
  ['no'],
  ['2026-01-15T09:00:00Z'],
  ['1e3'],
  [' padded '],
  ['a: b # c'],
  [''],
  [[]],
  [{}],
  [[[1, [2]], { a: [{ b: {} }], c: null }, 'x']],
])('YAML keeps %j, for readers of 1.1 and 1.2', (value) => {
  const json = { value }
  for (const version of ['1.1', '1.2'] as const) {
    expect(parse(printYaml(json), { version })).toEqual({ value })
  }
})

test('JSON lines hold one offer each', () => {
  const lines = printJsonl(offers).trimEnd().split('\n')
  expect(lines.map((line): unknown => JSON.parse(line))).toEqual(
    offers.map((offer, index) => toOfferDocument(offer, index + 1)),
  )
})

test('CSV and TSV have the columns of the document and quote what needs it', () => {
  expect(printCsv(offers)).toMatchInlineSnapshot(`
    "rank,id,backend,region,zone,instance_type,cpus,memory_mib,gpu_name,gpu_vendor,gpu_count,gpu_memory_mib,disk_mib,spot,price_amount,price_currency,price_per,availability,source,observed_at
    1,aws/us-east-1/t3.nano/on-demand,aws,us-east-1,,t3.nano,0.5,16384,,,,,1024,false,0.005200001,USD,instance_hour,unknown,price list of the cloud,2026-01-15T09:00:00Z
    2,"aws/?/say ""8, please""	|/spot",aws,,,"say ""8, please""	|",4,16384,A100,nvidia,8,81920,,true,,USD,instance_hour,low,price list of the cloud,2026-01-15T09:00:00Z
    "
  `)
  expect(printTsv(offers).split('\n')[2]).toContain('\tsay "8, please"\\t|\t')
  expect(
    printTsv(offers)
      .split('\n')
      .map((line) => line.split('\t').length),
  ).toEqual([20, 20, 20, 1])
})

test('every key of a document is a column', () => {
  const [, second] = offers
  if (second === undefined) throw new Error('there is no second offer')
  const leaves = (value: unknown): number =>
    typeof value === 'object' && value !== null
      ? Object.values(value).reduce((sum: number, one) => sum + leaves(one), 0)
      : 1
  const parsed: unknown = JSON.parse(printJsonl([second]))
  expect(leaves(parsed)).toBe(flatColumns.length)
  expect(flattenOffer(second, 2)).toHaveLength(flatColumns.length)
})

test('Markdown escapes what it would read as a mark', () => {
  expect(printMarkdown(offers, noonMs)).toMatchInlineSnapshot(`
    "| # | Backend | Region | Instance type | Resources | GPU | Spot | $/h | Age |
    | --: | --- | --- | --- | --- | --- | --- | --: | --- |
    | 1 | aws | us-east-1 | t3.nano | 0.5cpu 16GB | - | - | 0.0052 | 3h |
    | 2 | aws | ? | say "8, please" \\| | 4cpu 16GB | 8×A100 80GB | spot | ? | 3h |
    "
  `)
})

/** What the program really prints, against the schema that it prints. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { readRows, verifyAnswer } from '../../scripts/verify-certificate.ts'
import { check } from '../cli/output/json-schema.ts'
import { run } from '../cli/world.ts'
import { project } from './project.ts'
import { smallCatalog, smallCatalogFile } from './small-catalog.ts'

const path = smallCatalogFile()
const openCatalog = smallCatalog(path)
const written = new Map<string, string>()
const environment = { XDG_CACHE_HOME: mkdtempSync(join(tmpdir(), 'dstack-offers-cache-')) }
const print = async (...words: readonly string[]): Promise<string> => {
  const files = { ...project, ...Object.fromEntries(written) }
  return (await run(words, { files, environment, openCatalog, written })).stdout
}
const json = (text: string): unknown => JSON.parse(text)

describe.each([
  ['offers', ['serve.dstack.yml']],
  ['offers', ['website', '-n', '0']],
  ['offers', ['train.dstack.yml', '--profile', 'cheap', '-n', '1']],
  ['offers', ['--gpu', 'A100:80GB', '--max-price', '1.5', '-r', 'eastus', '-b', 'azure']],
  ['offers', ['--cpu', '0..', '-n', '0']],
  ['offers', ['--gpu', 'H100']],
  ['catalog', ['catalog']],
  ['configuration', ['check', 'serve.dstack.yml']],
  ['configuration', ['check', 'train.dstack.yml']],
  ['offers', ['large.dstack.yml', '--why']],
  ['offers', ['--gpu', 'H100,L4', '-b', 'gcp', '-r', 'us-esat-1', '--max-price', '9', '--why']],
  ['offers', ['--gpu', 'A100:40GB..', '--spot', '--cpu', '..4', '--why']],
  ['offers', ['serve.dstack.yml', '--rank', 'total', '--for', '8h']],
  ['offers', ['--gpu', '1..', '-n', '0', '--rank', 'expected', '--budget', '900/month']],
  ['offers', ['--gpu', 'L4,A100', '-n', '0', '--overlay', 'prices/discounts.yml']],
  ['offers', ['--gpu', 'L4', '--rank', 'vram', '--overlay', 'prices/discounts.yml', '--why']],
  ['offers', ['large.dstack.yml', '--relax', '1']],
  ['groups', ['--cpu', '0..', '--group-by', 'gpu']],
  ['groups', ['--gpu', '1..', '--group-by', 'gpu,backend,region,count']],
  ['groups', ['--gpu', 'H100', '--group-by', 'gpu']],
  ['groups', ['--gpu', 'L4', '--group-by', 'gpu', '--overlay', 'prices/discounts.yml']],
  ['gpus', ['gpus']],
  ['gpus', ['gpus', '--overlay', 'prices/discounts.yml']],
  ['comparison', ['compare', 'serve.dstack.yml', 'train.dstack.yml', 'website']],
  ['comparison', ['compare', 'large.dstack.yml', 'large.dstack.yml']],
  ['provenance', ['--gpu', 'L4', '--explain', '1']],
  ['provenance', ['--gpu', 'L4', '--overlay', 'prices/discounts.yml', '--explain', '1']],
  ['configuration', ['check', 'train.dstack.yml', '--overlay', 'prices/slips.yml']],
  ['configuration', ['check', 'train.dstack.yml', '--overlay', 'prices/discounts.yml']],
] as const)('%s of %j', (name, words) => {
  test('JSON meets the schema', async () => {
    const schema = json(await print('schema', name))
    expect(check(schema, json(await print(...words, '-o', 'json')))).toEqual([])
  })
})

test('a plan and its verification meet their schemas', async () => {
  const plan = await print('plan', 'train.dstack.yml')
  expect(check(json(await print('schema', 'plan')), json(plan))).toEqual([])
  written.set('plan.json', plan)
  const words = ['plan', 'verify', 'plan.json', 'train.dstack.yml', '-o', 'json']
  const schema = json(await print('schema', 'plan-verification'))
  const [held, failed] = [json(await print(...words)), json(await print(...words, '--spot'))]
  expect(check(schema, held)).toEqual([])
  expect(check(schema, failed)).toEqual([])
  expect([held, failed]).toMatchObject([{ holds: true }, { holds: false }])
})

test('a document of offers holds before the independent verifier, and not when changed', async () => {
  const rows = readRows([new Database(path, { readonly: true })])
  for (const words of [['serve.dstack.yml'], ['--gpu', '1..', '-n', '3'], ['--gpu', 'H100']]) {
    const text = await print(...words, '-o', 'json')
    expect(verifyAnswer(json(text), rows)).toEqual([])
    expect(verifyAnswer(json(text.replace('"matched": ', '"matched": 1')), rows)).not.toEqual([])
  }
})

test('in another order than by price, and under a budget, nothing is certified', async () => {
  for (const flags of [
    ['--rank', 'total'],
    ['--budget', '900/month'],
  ]) {
    const text = await print('--gpu', 'L4', ...flags, '-o', 'json')
    expect(json(text)).toMatchObject({ certificate: null })
  }
  const text = await print('--gpu', 'L4', '--for', '8h', '-o', 'json')
  expect(json(text)).toMatchObject({ rank_by: 'price', certificate: { matched: 5 } })
})

test('every column of a cost is filled from the document', async () => {
  const words = ['serve.dstack.yml', '-n', '1', '--for', '8h', '--budget', '900/month', '-o']
  const [head = '', first = ''] = (await print(...words, 'csv')).split('\n')
  const empty = head.split(',').filter((_, index) => first.split(',')[index] === '')
  expect(empty).toEqual([
    'zone',
    'disk_mib',
    'total_interruption_percent_a_month',
    'total_expected_per_hour',
  ])
})

test('YAML holds what JSON holds', async () => {
  const words = ['--gpu', 'A100', '-o']
  expect(parse(await print(...words, 'yaml'))).toEqual(json(await print(...words, 'json')))
})

test('JSON lines, CSV and TSV hold every offer of the document, none twice', async () => {
  const words = ['--cpu', '0..', '-n', '0', '-o']
  const lines = async (format: string) => (await print(...words, format)).trimEnd().split('\n')
  const jsonl = await lines('jsonl')
  const ids = jsonl.map((line) => /"id":"([^"]+)"/.exec(line)?.[1])
  expect(ids).toHaveLength(17)
  expect(new Set(ids)).toHaveLength(17)
  expect((await lines('csv')).slice(1)).toHaveLength(17)
  expect((await lines('tsv')).slice(1)).toHaveLength(17)
})

test('the same catalog and clock print the same bytes', async () => {
  expect(await print('--gpu', 'A100', '-o', 'wide')).toBe(
    await print('--gpu', 'A100', '-o', 'wide'),
  )
})

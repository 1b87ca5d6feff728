/** What the program really prints, against the schema that it prints. */
import { parse } from 'yaml'
import { describe, expect, test } from 'vitest'
import { check } from '../cli/output/json-schema.ts'
import { run } from '../cli/world.ts'
import { project } from './project.ts'
import { smallCatalog } from './small-catalog.ts'

const openCatalog = smallCatalog()
const print = async (...words: readonly string[]): Promise<string> =>
  (await run(words, { files: project, openCatalog })).stdout
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
] as const)('%s of %j', (name, words) => {
  test('JSON meets the schema', async () => {
    const schema = json(await print('schema', name))
    expect(check(schema, json(await print(...words, '-o', 'json')))).toEqual([])
  })
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

/** Documents beside the answer of offers, against the schema that the program prints of them. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { smallCatalog, smallCatalogFile } from '../../e2e/small-catalog.ts'
import { newCourse } from '../../history/course.ts'
import type { Journal } from '../../history/journal.ts'
import { newWorld, type World } from '../../live/world.ts'
import { run } from '../world.ts'
import { check } from './json-schema.ts'

const schemaOf = async (name: string): Promise<unknown> =>
  JSON.parse((await run(['schema', name])).stdout)

describe('of recorded prices', () => {
  let journal: Journal
  beforeAll(() => {
    journal = newCourse()
  })
  afterAll(() => journal.end())

  test.each([
    ['history', ['history']],
    ['history', ['history', '-n', '1', '--gpu', 'A100:8']],
    ['history', ['history', 'aws/us-east-1/m5.xlarge/on-demand']],
    ['differences', ['diff', '--since', '2025-12-20']],
    ['differences', ['diff', '--since', '2025-12-21', '-n', '1']],
    ['differences', ['diff', '--since', '1m']],
    ['query', ['sql', "select 1 as a, 'two' as a, null, 1.5"]],
    ['query', ['sql', 'select 1 where 0']],
    ['query', ['sql', 'select * from price_changes', '-n', '2']],
    ['query', ['sql', '--schema']],
  ] as const)('%s of %j', async (name, words) => {
    const { code, stdout } = await run([...words, '-o', 'json'], journal)
    expect(code).toBe(0)
    expect(check(await schemaOf(name), JSON.parse(stdout))).toEqual([])
  })
})

describe('of a simulation', () => {
  const service = (replicas: string): string =>
    `type: service\ncommands: [serve]\nport: 8000\nreplicas: ${replicas}\nscaling:\n  metric: rps\n  target: 1\nresources:\n  gpu: L4\n`
  const files = {
    'scaled.dstack.yml': service('0..4'),
    'fixed.dstack.yml': service('1').replace(/scaling:\n.*\n.*\n/, ''),
    'day.csv': 'seconds,requests\n0,30\n60,600\n120,20\n3600,1\n',
  }
  const openCatalog = smallCatalog(smallCatalogFile())

  test.each([
    ['scaled', 'day.csv', []],
    ['scaled', 'day.csv', ['--price', '1.25']],
    ['scaled', 'day.csv', ['-b', 'vultr']],
    ['fixed', 'day.csv', ['--service-time', '10m']],
  ] as const)('%s over %s, %j', async (file, trace, more) => {
    const words = ['simulate', `${file}.dstack.yml`, '--trace', trace, ...more, '-o', 'json']
    const { code, stdout, stderr } = await run(words, { files, openCatalog })
    expect(code, stderr).toBe(0)
    expect(check(await schemaOf('simulation'), JSON.parse(stdout))).toEqual([])
  })
})

describe('of prices that were asked for now', () => {
  let world: World
  beforeEach(async () => {
    world = await newWorld()
  })
  afterEach(() => world.end())

  test.each([
    ['offers', []],
    ['groups', ['--group-by', 'gpu']],
    ['provenance', ['--explain', '1']],
  ] as const)('%s says who answered', async (name, more) => {
    const { environment } = world
    const openCatalog = () => Promise.resolve(world.open())
    const words = ['--gpu', '1', '-b', 'vastai', ...more, '-o', 'json']
    const asked = await run([...words, '--live'], { environment, openCatalog })
    const document: unknown = JSON.parse(asked.stdout)
    expect(document).toMatchObject({
      live: { backends: [{ backend: 'vastai', state: 'answered' }] },
    })
    const schema = await schemaOf(name)
    expect(check(schema, document)).toEqual([])
    const offline: unknown = JSON.parse((await run(words, { environment, openCatalog })).stdout)
    expect(offline).not.toHaveProperty('live')
    expect(check(schema, offline)).toEqual([])
  })
})

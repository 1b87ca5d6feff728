import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { catalogOpener } from '#cli/open-catalog'
import { newWorld, type World } from '../../imports/world.ts'
import { run, type Run } from '../world.ts'

let world: World
beforeEach(() => {
  world = newWorld()
})
afterEach(() => world.end())

const published = join(import.meta.dirname, '..', '..', 'imports', 'gpuhunt-v3')

const nowMs = Date.parse('2026-11-24T12:00:00Z')

const dstackOffers = (...words: readonly string[]): Promise<Run> => {
  const { environment, folder } = world
  return run(words, { environment, nowMs, openCatalog: catalogOpener(environment, folder) })
}

describe('catalog import', () => {
  test('says what it found, a line of each backend, and the offers are there', async () => {
    const { code, stdout } = await dstackOffers('catalog', 'import', published, '-b', 'aws')
    const [found, aws, ...rest] = stdout.split('\n')
    expect(code).toBe(0)
    expect(found).toMatch(/^gpuhunt's published layout in /)
    expect(aws).toMatch(/^aws +refreshed +849 offers, 849 new, 0 gone, 0 repriced, 1 rejected/)
    expect(rest).toEqual([''])
    const listed = await dstackOffers('catalog', '-o', 'json')
    expect(listed.stdout).toContain('gpuhunt-v3/aws/20260819-1/catalog.zip')
  })

  test('a report as JSON, and nothing else on standard output', async () => {
    const { code, stdout, stderr } = await dstackOffers(
      'catalog',
      'import',
      published,
      '-b',
      'aws',
      '-o',
      'json',
      '--dry-run',
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      format_version: '1.0',
      kind: 'import',
      argument: published,
      source: expect.stringMatching(/^gpuhunt's published layout/) as string,
      dry_run: true,
      backends: [
        { backend: 'aws', state: 'refreshed', offers: 849, rejects: { 'no price above zero': 1 } },
      ],
    })
    expect(stderr).toMatch(/aws +refreshed/)
    expect(world.held('aws')).toEqual([])
  })

  test('what is empty is 5', async () => {
    const { code, stdout } = await dstackOffers('catalog', 'import', published, '-b', 'oci')
    expect(code).toBe(5)
    expect(stdout).toMatch(/^oci +incomplete +no offer came of it$/m)
  })

  test('what is older than what is held is told, and no failure', async () => {
    world.write(
      'nebius.csv',
      'InstanceType,AcceleratorName,vCPUs,MemoryGiB,Price,Region\nm,,2,8,1,eu\n',
    )
    const file = join(world.folder, 'nebius.csv')
    await dstackOffers('catalog', 'import', file, '--observed-at', '2026-10-02')
    const { code, stdout } = await dstackOffers(
      'catalog',
      'import',
      file,
      '--observed-at',
      '2026-10-01',
    )
    expect([code, stdout]).toEqual([0, expect.stringContaining('--force takes it all the same')])
  })

  test.each([
    [['absent.csv'], 'is no file or folder'],
    [[published, '-b', 'aww'], 'did you mean aws?'],
    [[published, '-b', 'ssh'], 'there is nothing of "ssh" in it'],
    [[published, '--observed-at', 'today'], 'is no day and no time'],
    [[], "missing required argument 'source'"],
  ])('%o is 2', async (words, message) => {
    const { code, stderr } = await dstackOffers('catalog', 'import', ...words)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})

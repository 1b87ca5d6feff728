import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { catalogOpener } from '#cli/open-catalog'
import { startServer } from '../../contract/scripted-server.ts'
import { newWorld, type World } from '../../imports/world.ts'
import { run, type Run } from '../world.ts'

let world: World
beforeEach(() => {
  world = newWorld()
})
afterEach(() => world.end())

const published = join(import.meta.dirname, '..', '..', 'imports', 'gpuhunt-v3')

const snapshot = join(import.meta.dirname, '..', '..', '..', 'catalogs')

const nowMs = Date.parse('2026-11-24T12:00:00Z')

const underSettings =
  (settings: string) =>
  (...words: readonly string[]): Promise<Run> => {
    const { environment, folder, home } = world
    const files = { [join(home, 'refresh.yml')]: settings }
    return run(words, {
      environment,
      nowMs,
      files,
      openCatalog: catalogOpener(environment, folder),
    })
  }

/** The recorded catalog is a small part of what the program comes with. */
const dstackOffers = underSettings('backends: { aws: { bounds: { first_lost: 1 } } }')

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

  test('a report tells neither a password nor a signature of the address', async () => {
    const header = 'InstanceType,AcceleratorName,vCPUs,MemoryGiB,Price,Region'
    const server = await startServer(() => ({ body: `${header}\nm,,2,8,1,eu\n` }))
    onTestFinished(() => server.close())
    const address = `${server.url}/nebius.csv`
    const { stdout } = await dstackOffers(
      'catalog',
      'import',
      `${address}?sig=secret`.replace('//', '//me:secret@'),
      '--observed-at',
      '2026-10-02',
      '-o',
      'json',
    )
    expect(JSON.parse(stdout)).toMatchObject({ argument: address, source: `CSV at ${address}` })
    expect(stdout).not.toContain('secret')
  })

  test('bounds of refresh.yml decide, and 5 tells of what was not believed', async () => {
    const csv = 'InstanceType,AcceleratorName,vCPUs,MemoryGiB,Price,Region\nm,,2,8,1,eu\n'
    world.write('nebius.csv', csv)
    const words = ['catalog', 'import', join(world.folder, 'nebius.csv'), '--observed-at']
    const settings = 'backends:\n  nebius: { bounds: { mib_per_cpu: 256..1024 } }\n'
    const doubted = await underSettings(settings)(...words, '2026-10-02')
    expect(doubted.code).toBe(5)
    expect(doubted.stdout).toContain('has 4096 MiB of memory per vCPU')
    expect(world.held('nebius')).toEqual([])
    expect((await dstackOffers(...words, '2026-10-02')).code).toBe(0)
  })

  test('a signed set is left to what verifies it', async () => {
    await dstackOffers('catalog', 'import', published, '-b', 'aws')
    await dstackOffers('catalog', 'keys', join(world.folder, 'key.pem'))
    const set = join(world.folder, 'set')
    const key = ['--key-file', join(world.folder, 'key.pem')]
    const made = await dstackOffers('catalog', 'export', set, ...key)
    expect([made.code, made.stderr]).toEqual([0, ''])
    const { code, stderr } = await dstackOffers('catalog', 'import', set)
    expect(code).toBe(2)
    expect(stderr).toContain(`dstack-offers catalog pull ${set} --key`)
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
    [[snapshot, '-b', 'ssh'], 'there is nothing of "ssh" in it'],
    [[published, '-b', 'ssh'], 'there is nothing of "ssh" in it'],
    [[published, '--observed-at', 'today'], 'is no day and no time'],
    [[], "missing required argument 'source'"],
  ])('%o is 2', async (words, message) => {
    const { code, stderr } = await dstackOffers('catalog', 'import', ...words)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})

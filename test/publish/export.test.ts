/** What an export writes, and when it leaves all as it is. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { holdExclusively } from '#platform/exclusive'
import { printExportReport } from '#publish/print'
import { printSnapshot } from '#publish/snapshot-text'
import { anOffer } from '../builders.ts'
import { someOffers } from '../generators.ts'
import { seeded } from '../random.ts'
import { codeOf, contentOf, filesUnder, newSigner, newWorld, noonMs, priced } from './world.ts'
import type { World } from './world.ts'

let world: World
beforeEach(async () => {
  world = await newWorld()
})
afterEach(() => world.end())

const tryExport = (over: Parameters<World['export']>[0] = {}): Promise<unknown> =>
  codeOf(Promise.resolve().then(() => world.export(over)))

const texts = (): number => filesUnder(join(world.folder, 'snapshots')).length

describe('the same catalog', () => {
  test('a second time changes nothing, not even the sequence', () => {
    world.offer(priced('aws', 1), priced('gcp', 2))
    expect(world.export()).toMatchObject({ sequence: 1, changed: true })
    const first = contentOf(world.folder)
    expect(world.export({ nowMs: noonMs + 1_000_000 })).toMatchObject({
      sequence: 1,
      changed: false,
      createdAt: '2026-11-24T12:00:00Z',
    })
    expect(contentOf(world.folder)).toEqual(first)
  })

  test('into another folder gives the same bytes, manifest and all', () => {
    world.offer(priced('gcp', 2), priced('aws', 1))
    world.export()
    const elsewhere = join(world.root, 'elsewhere')
    world.export({ folder: elsewhere })
    expect(contentOf(elsewhere)).toEqual(contentOf(world.folder))
  })

  test('the order that offers came in makes no difference', () => {
    const offers = someOffers(seeded(3), 200).map((offer) => ({ ...offer, backend: 'aws' }))
    const print = (list: typeof offers) =>
      printSnapshot({ backend: 'aws', offers: list, notes: [] }).text
    expect(print(offers.toReversed())).toBe(print(offers))
  })
})

describe("one's own machines", () => {
  test('are not published, unless they are named', () => {
    world.offer(priced('aws', 1), priced('ssh', 2))
    const published = (): string => Object.values(contentOf(world.folder)).join('\n')
    world.export()
    expect(published()).toContain('aws')
    expect(published()).not.toContain('ssh')
    world.export({ backends: ['ssh'] })
    expect(published()).toContain('ssh')
  })
})

describe('a changed catalog', () => {
  test('raises the sequence by one, and tells what changed', () => {
    world.offer(priced('aws', 1), priced('gcp', 2))
    world.export()
    world.offer(priced('gcp', 3), priced('runpod', 4))
    const report = world.export()
    expect(report.sequence).toBe(2)
    expect(report.backends.map(({ backend, state }) => `${backend} ${state}`)).toEqual([
      'aws unchanged',
      'gcp changed',
      'runpod new',
    ])
    expect(printExportReport(report)).toContain('sequence 2 · 3 backends · key ed25519:')
  })

  test('old texts stay for eight sequences, and those in use for ever', () => {
    world.offer(priced('aws', 1), priced('gcp', 1))
    world.export()
    const counts = Array.from({ length: 12 }, (_, index) => {
      world.offer(priced('aws', index + 2))
      const { pruned } = world.export()
      return [texts(), pruned]
    })
    expect(counts.map(([count]) => count)).toEqual([3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9])
    expect(counts.map(([, pruned]) => pruned)).toEqual([0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1])
  })

  test('prices that come back use the text that is still there', async () => {
    world.offer(priced('aws', 1))
    world.export()
    world.offer(priced('aws', 2))
    world.export()
    world.offer(priced('aws', 1))
    expect(world.export()).toMatchObject({ sequence: 3 })
    expect(texts()).toBe(2)
    await world.pull()
    expect(world.digest('puller')).toBe(world.digest('publisher'))
  })

  test('a folder that is lost: the sequence goes on above a number', async () => {
    world.offer(priced('aws', 1))
    world.export({ after: 41 })
    expect((await world.pull()).sequence).toBe(42)
    expect(world.export({ after: 41 })).toMatchObject({ sequence: 42, changed: false })
    expect(world.export({ after: 50 })).toMatchObject({ sequence: 51, changed: true })
  })
})

describe('what a killed export left', () => {
  test('is removed, and other files are not', () => {
    world.offer(priced('aws', 1))
    world.export()
    const aside = `${'ab'.repeat(6)}.partial`
    const mine = join(world.folder, 'CNAME')
    writeFileSync(mine, 'prices.example')
    writeFileSync(join(world.folder, `manifest.json.${aside}`), '{')
    writeFileSync(join(world.folder, 'snapshots', `${'0'.repeat(64)}.json.${aside}`), '{')
    writeFileSync(join(world.folder, 'snapshots', `${'0'.repeat(64)}.json`), '{}')
    world.export()
    expect(filesUnder(world.folder).some((name) => name.includes('partial'))).toBe(false)
    expect([texts(), existsSync(mine)]).toEqual([1, true])
  })

  test('a damaged text is written anew', () => {
    world.offer(priced('aws', 1))
    const sha256 = world.export().backends[0]?.sha256 ?? ''
    const file = join(world.folder, 'snapshots', `${sha256}.json`)
    const good = readFileSync(file, 'utf8')
    writeFileSync(file, good.slice(10))
    world.export()
    expect(readFileSync(file, 'utf8')).toBe(good)
  })
})

describe('refused', () => {
  test('a folder of another key, which stays as it is', async () => {
    world.offer(priced('aws', 1))
    world.export()
    const before = contentOf(world.folder)
    world.offer(priced('aws', 2))
    expect(await tryExport({ signer: newSigner() })).toBe('catalog-untrusted')
    expect(contentOf(world.folder)).toEqual(before)
  })

  test('a catalog of nothing, and a backend that it has not', async () => {
    world.replace([])
    expect(await tryExport()).toBe('argument-invalid')
    world.offer(priced('aws', 1))
    expect(await tryExport({ backends: ['asw'] })).toBe('argument-invalid')
  })

  test('while another export into the folder is at work', async () => {
    world.offer(priced('aws', 1))
    world.export()
    const held = holdExclusively(join(world.folder, '.export.lock'))
    expect(await tryExport()).toBe('refresh-locked')
    held?.release()
    expect(await tryExport()).toBe('no error')
  })

  test('a place that is a file', async () => {
    world.offer(priced('aws', 1))
    writeFileSync(join(world.root, 'file'), '')
    expect(await tryExport({ folder: join(world.root, 'file') })).toBe('catalog-unreadable')
  })
})

test('a backend that has no offers left is published as that', async () => {
  world.replace([
    { backend: 'aws', offers: [], notes: [] },
    { backend: 'gcp', offers: [anOffer({ backend: 'gcp' })], notes: [] },
  ])
  expect(world.export().backends[0]).toMatchObject({ backend: 'aws', offers: 0, newest: null })
  await world.pull()
  expect(world.digest('puller')).toBe(world.digest('publisher'))
})

test('the key file of a user is refused where others may read it', async () => {
  const { findSigner, makeKeyFile } = await import('#publish/signing-key')
  const file = join(world.root, 'keys', 'key.pem')
  const publicKey = makeKeyFile(file)
  expect(findSigner({}, file).publicKey).toBe(publicKey)
  expect(() => makeKeyFile(file)).toThrow('is there already')
  chmodSync(file, 0o644)
  expect(() => findSigner({}, file)).toThrow('can be read by others')
})

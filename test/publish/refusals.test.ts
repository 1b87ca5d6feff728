/** Servers that lie, lag or break: nothing of theirs is taken, and the catalog stays as it was. */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { historyPlaces } from '#history/location'
import { defaultHttpLimits } from '#platform/http'
import { seal, unseal } from '#publish/envelope'
import { type Manifest, parseManifest, printManifest } from '#publish/manifest'
import { readSnapshot } from '#publish/read-snapshot'
import { printSnapshot, textDigest } from '#publish/snapshot-text'
import { sourceAddress } from '#publish/source'
import type { Reply } from '../contract/scripted-server.ts'
import { codeOf, filesUnder, newSigner, newWorld, priced, type World } from './world.ts'

let world: World
/** What the puller's catalog is before it is lied to. */
let before: Buffer
beforeEach(async () => {
  world = await newWorld()
  world.offer(priced('aws', 1), priced('gcp', 2))
  world.export()
  await world.pull()
  before = catalogBytes()
  world.offer(priced('aws', 3), priced('gcp', 4))
  world.export()
})
afterEach(async () => {
  const isAsItWas = catalogBytes().equals(before)
  await world.end()
  if (!isAsItWas) throw new Error('the catalog is not as it was')
})

const catalogBytes = (): Buffer => readFileSync(join(world.home, 'catalog.sqlite'))

const manifestFile = (): string => join(world.folder, 'manifest.json')

const published = (): Manifest =>
  parseManifest(unseal(readFileSync(manifestFile(), 'utf8'), world.signer.publicKey, 'it'), 'it')

const snapshotFile = (backend: string): string => {
  const sha256 = published().backends.find((one) => one.backend === backend)?.sha256
  return join(world.folder, 'snapshots', `${sha256}.json`)
}

/** A manifest of the publisher's own making, whatever it says. */
const sign = (over: Partial<Manifest>): void =>
  writeFileSync(manifestFile(), seal(printManifest({ ...published(), ...over }), world.signer))

const flipped = (bytes: Buffer, at: number, bit = 0): Buffer => {
  const changed = Buffer.from(bytes)
  changed[at] = (changed[at] ?? 0) ^ (1 << bit)
  return changed
}

/** The manifest, or the name of the error. */
const opened = (sealed: string, key: string): string => {
  try {
    return unseal(sealed, key, 'it')
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}

describe('a changed byte', () => {
  test('in any of the files that are needed', async () => {
    const files = [manifestFile(), snapshotFile('aws'), snapshotFile('gcp')]
    for (const file of files) {
      const good = readFileSync(file)
      const places = [0, 1, ...[0.2, 0.4, 0.6, 0.8].map((share) => share * good.length)]
      for (const at of [...places.map(Math.floor), good.length - 2]) {
        writeFileSync(file, flipped(good, at))
        const code = await codeOf(world.pull())
        expect(['catalog-untrusted', 'catalog-newer'], `${file} at ${at}`).toContain(code)
      }
      writeFileSync(file, good)
    }
  })

  test('anywhere in the manifest gives no other manifest', () => {
    const good = readFileSync(manifestFile())
    const text = unseal(good.toString(), world.signer.publicKey, 'it')
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(7), (at, bit) => {
        const changed = flipped(good, at, bit).toString()
        expect([text, 'UntrustedCatalogError', 'CatalogNewerError']).toContain(
          opened(changed, world.signer.publicKey),
        )
      }),
      { numRuns: 400 },
    )
  })

  test('anywhere in a text, notes and blanks too, is refused before it is parsed', () => {
    const { text, facts } = printSnapshot({
      backend: 'aws',
      offers: priced('aws', 1),
      notes: ['é'],
    })
    const good = Buffer.from(text)
    expect(readSnapshot(text, facts).offers).toHaveLength(3)
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(7), (at, bit) => {
        const changed = flipped(good, at, bit).toString()
        expect(() => readSnapshot(changed, facts)).toThrow('is not the one that was signed')
      }),
      { numRuns: 400 },
    )
  })

  test('in a file that is not needed does no harm', async () => {
    const old = filesUnder(join(world.folder, 'snapshots'))
      .map((name) => join(world.folder, 'snapshots', name))
      .find((file) => file !== snapshotFile('aws') && file !== snapshotFile('gcp'))
    writeFileSync(old ?? '', 'changed')
    expect((await world.pull()).sequence).toBe(2)
    before = catalogBytes()
  })
})

describe('a mixed set', () => {
  test('texts that have changed places', async () => {
    const [aws, gcp] = [snapshotFile('aws'), snapshotFile('gcp')]
    renameSync(aws, `${aws}.aside`)
    renameSync(gcp, aws)
    renameSync(`${aws}.aside`, gcp)
    expect(await codeOf(world.pull())).toBe('catalog-untrusted')
  })

  test('one good text and one missing: neither is taken', async () => {
    rmSync(snapshotFile('gcp'))
    expect(await codeOf(world.pull())).toBe('upstream-refused')
  })

  test('a text under the name of another backend, signed', async () => {
    const { backends } = published()
    const [aws, gcp] = backends
    if (!aws || !gcp) throw new Error('two backends are published')
    sign({ sequence: 9, backends: [{ ...gcp, backend: 'aws' }] })
    expect(await codeOf(world.pull())).toBe('catalog-untrusted')
  })
})

describe('going back', () => {
  test('to an earlier sequence', async () => {
    const earlier = world.copy()
    world.offer(priced('aws', 5))
    world.export()
    await world.pull()
    before = catalogBytes()
    const latest = readFileSync(manifestFile())
    writeFileSync(manifestFile(), readFileSync(join(earlier, 'manifest.json')))
    const error = await world.pull().catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('goes back to sequence 2; 3 was there before')
    writeFileSync(manifestFile(), latest)
    expect((await world.pull()).sequence).toBe(3)
  })

  test('to another manifest of the same sequence', async () => {
    await world.pull()
    before = catalogBytes()
    sign({ createdAt: '2026-11-25T00:00:00Z' })
    expect(await codeOf(world.pull())).toBe('catalog-untrusted')
  })

  test('not even after a pull that verified all, and then could not write', async () => {
    const earlier = world.copy()
    world.offer(priced('aws', 5))
    world.export()
    const latest = readFileSync(manifestFile())
    const { historyPath } = historyPlaces({ DSTACK_OFFERS_HOME: world.home })
    writeFileSync(historyPath, 'no database at all')
    expect(await codeOf(world.pull())).toBe('catalog-unreadable')
    rmSync(historyPath)
    writeFileSync(manifestFile(), readFileSync(join(earlier, 'manifest.json')))
    expect(await codeOf(world.pull())).toBe('catalog-untrusted')
    expect(catalogBytes().equals(before)).toBe(true)
    writeFileSync(manifestFile(), latest)
    expect((await world.pull()).sequence).toBe(3)
    before = catalogBytes()
  })

  test('what is remembered cannot be forgotten by damage', async () => {
    const [name = ''] = filesUnder(join(world.home, 'pulled'))
    writeFileSync(join(world.home, 'pulled', name), '{')
    expect(await codeOf(world.pull())).toBe('catalog-unreadable')
  })
})

describe('another key', () => {
  test('on the server', async () => {
    const text = unseal(readFileSync(manifestFile(), 'utf8'), world.signer.publicKey, 'it')
    writeFileSync(manifestFile(), seal(text, newSigner()))
    const error = await world.pull().catch((thrown: unknown) => thrown)
    expect(String(error)).toContain(`is not signed by "${world.signer.publicKey}"`)
  })

  test('on the server, under the name of the right one', async () => {
    const text = unseal(readFileSync(manifestFile(), 'utf8'), world.signer.publicKey, 'it')
    const forger = { ...newSigner(), publicKey: world.signer.publicKey }
    writeFileSync(manifestFile(), seal(text, forger))
    expect(await codeOf(world.pull())).toBe('catalog-untrusted')
  })

  test('on the command line than the one that is known', async () => {
    expect(await codeOf(world.pull({ key: newSigner().publicKey }))).toBe('argument-invalid')
    expect(await codeOf(world.pull({ key: 'ed25519:short' }))).toBe('argument-invalid')
  })
})

describe('what is signed, but wrong', () => {
  const signText = (text: string, over: object = {}): void => {
    const { facts } = printSnapshot({ backend: 'aws', offers: priced('aws', 7), notes: [] })
    const sha256 = textDigest(text)
    writeFileSync(join(world.folder, 'snapshots', `${sha256}.json`), text)
    const backend = { ...facts, sha256, bytes: Buffer.byteLength(text), ...over }
    sign({ sequence: 9, backends: [backend] })
  }
  const good = (): string =>
    printSnapshot({ backend: 'aws', offers: priced('aws', 7), notes: [] }).text

  test.each<[string, (text: string) => string]>([
    ['no JSON', (text) => text.slice(1)],
    ['a price that is none', (text) => text.replace('"7"', '"seven"')],
    ['a price of zero', (text) => text.replace('"7"', '"0"')],
    ['a price below zero', (text) => text.replace('"7"', '"-7"')],
    ['an offer twice', (text) => text.replace('"r1"', '"r0"')],
    ['an observation that is not there', (text) => text.replace('"unknown",0]', '"unknown",1]')],
    ['a machine without memory', (text) => text.replace('"memory_mib":8192', '"memory_mib":0')],
    ['other prices than the digest says', (text) => text.replaceAll('"7"', '"8"')],
    ['a time that is none', (text) => text.replace('2026-11-20T00:00:00Z', 'yesterday')],
  ])('%s', async (_, change) => {
    const text = change(good())
    expect(text).not.toBe(good())
    signText(text)
    expect(await codeOf(world.pull())).toBe('catalog-untrusted')
  })

  test('another day than that of the prices', async () => {
    signText(good(), { newest: '2026-11-21T00:00:00Z' })
    expect(await codeOf(world.pull())).toBe('catalog-untrusted')
  })

  test('prices of a day to come', async () => {
    world.offer(priced('aws', 7, { day: 26 }))
    world.export()
    const error = await world.pull().catch((thrown: unknown) => thrown)
    expect(String(error)).toContain('of 2026-11-26T00:00:00Z, a day to come')
  })

  test.each(['9999-99-99T99:99:99Z', '2026-02-31T00:00:00Z', '0000-00-00T00:00:00Z'])(
    'prices of a day that is none, %s',
    async (observedAt) => {
      const observation = { source: 'list of aws', observedAt }
      const offers = priced('aws', 7).map((offer) => ({ ...offer, observation }))
      const { text, facts } = printSnapshot({ backend: 'aws', offers, notes: [] })
      expect(() => readSnapshot(text, facts)).toThrow('unknown shape at "observations.0.1"')
      writeFileSync(join(world.folder, 'snapshots', `${facts.sha256}.json`), text)
      sign({ sequence: 9, backends: [facts] })
      expect(await codeOf(world.pull())).toBe('catalog-untrusted')
    },
  )

  test('a backend named twice, and no manifest at all', async () => {
    const { backends } = published()
    sign({ sequence: 9, backends: [...backends, ...backends] })
    expect(await codeOf(world.pull())).toBe('catalog-untrusted')
    writeFileSync(manifestFile(), seal('{"sequence":0}', world.signer))
    expect(await codeOf(world.pull())).toBe('catalog-untrusted')
  })

  test('a later format', async () => {
    const text = readFileSync(manifestFile(), 'utf8')
    writeFileSync(manifestFile(), text.replace('"format": 1', '"format": 2'))
    expect(await codeOf(world.pull())).toBe('catalog-newer')
  })
})

describe('a server that breaks', () => {
  /** Patience for none of it. */
  const hasty = {
    http: {
      limits: { ...defaultHttpLimits, connectMs: 500, silenceMs: 500, wholeMs: 1000 },
      backoff: { attempts: 2, firstDelayMs: 1, longestDelayMs: 1 },
    },
  }

  const cut = (file: Buffer): Buffer => file.subarray(0, file.length / 2)
  const zipped = (body: Buffer): Reply => ({ headers: { 'content-encoding': 'gzip' }, body })
  const bomb = zipped(gzipSync(Buffer.alloc(64 * 1024 * 1024, 32)))

  const breaks: readonly [string, (file: Buffer) => Reply, readonly string[]][] = [
    ['half a body', (file) => ({ body: cut(file) }), ['catalog-untrusted']],
    ['half a zipped body', (file) => zipped(cut(gzipSync(file))), ['upstream-invalid']],
    ['a body that swells', () => bomb, ['upstream-invalid']],
    ['a connection that breaks', () => 'reset', ['upstream-unreachable']],
    ['a body that stops', () => 'stall', ['upstream-unreachable']],
    ['an error', () => ({ status: 500, body: 'no' }), ['upstream-refused']],
    ['a page of a proxy', () => ({ body: '<html>log in</html>' }), ['catalog-untrusted']],
  ]

  test.each(breaks)('%s', async (_, reply, codes) => {
    for (const part of ['/manifest.json', '/snapshots/']) {
      world.instead = (path, file) =>
        path.startsWith(part) ? reply(file ?? Buffer.alloc(0)) : undefined
      expect(codes).toContain(await codeOf(world.pull(hasty)))
    }
    world.instead = () => undefined
    // Its answers have left nothing behind that stands in the way.
    expect((await world.pull()).sequence).toBe(2)
    before = catalogBytes()
  })

  test('too slow altogether', async () => {
    world.instead = () => 'hang'
    expect(await codeOf(world.pull({ deadlineMs: 200 }))).toBe('upstream-unreachable')
  })

  test('a false manifest under a tag is not what a later 304 stands for', async () => {
    const etag = '"the same"'
    world.instead = (path) =>
      path === '/manifest.json' ? { headers: { etag }, body: '{}' } : undefined
    expect(await codeOf(world.pull())).toBe('catalog-untrusted')
    world.instead = () => undefined
    await world.pull()
    expect(world.server.asked.some((asked) => asked.headers['if-none-match'] === etag)).toBe(false)
    before = catalogBytes()
  })

  test('a folder that is none', async () => {
    const source = sourceAddress('nowhere', world.root)
    expect(await codeOf(world.pull({ source }))).toBe('catalog-missing')
  })
})

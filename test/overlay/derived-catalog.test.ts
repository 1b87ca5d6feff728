import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { ConfigurationError } from '#domain/errors'
import { openCatalog, type Catalog } from '#offers/catalog'
import { overlaidCatalog, type OverlaidCatalog } from '#api/overlay'
import { anInstanceType, anOffer, someRequirements } from '../builders.ts'
import { someOffers } from '../generators.ts'
import { seeded } from '../random.ts'
import { nowMs, overlayOf, withCatalog, writeCatalog } from './builders.ts'

const dayMs = 24 * 60 * 60 * 1000
const offers = [
  anOffer({ priceNanoUsd: 1_000_000_000 }),
  anOffer({ region: 'eu-west-1', priceNanoUsd: 2_000_000_000 }),
  anOffer({ backend: 'gcp', priceNanoUsd: 3_000_000_000 }),
]
const halved = 'rules: [{name: half, selector: {backends: [aws]}, discount: 50%}]'

/** Opens, looks and closes: base catalogs are opened anew, as each process does. */
const looking = (folder: string, text: string, over: { nowMs?: number; home?: string } = {}) => {
  const base = openCatalog({ path: join(folder, 'base.sqlite') })
  const overlaid = overlaidCatalog(base, overlayOf(text), {
    environment: { DSTACK_OFFERS_HOME: over.home ?? folder },
    nowMs: over.nowMs ?? nowMs,
  })
  const { reused } = overlaid
  const prices = overlaid.first(someRequirements(), 0).map(({ priceNanoUsd }) => priceNanoUsd)
  overlaid.close()
  return { reused, prices }
}

const cached = (folder: string): readonly string[] =>
  readdirSync(join(folder, 'cache')).filter((name) => name.startsWith('overlaid-'))

const inBase = <T>(run: (folder: string, base: Catalog) => T): T =>
  withCatalog(offers, (base, folder) => run(folder, base))

describe('the derived catalog', () => {
  test('is made once and found again', () => {
    inBase((folder) => {
      const prices = [500_000_000, 1_000_000_000, 3_000_000_000]
      expect(looking(folder, halved)).toEqual({ reused: false, prices })
      expect(looking(folder, halved)).toEqual({ reused: true, prices })
      expect(cached(folder)).toHaveLength(1)
    })
  })

  test('is another one when the rules or the catalog change', () => {
    inBase((folder) => {
      looking(folder, halved)
      expect(looking(folder, halved.replace('50%', '25%')).prices[0]).toBe(750_000_000)
      writeCatalog(join(folder, 'base.sqlite'), [anOffer({ priceNanoUsd: 8 })])
      expect(looking(folder, halved)).toEqual({ reused: false, prices: [4, 3_000_000_000] })
    })
  })

  test('is another one when a rule expires, and else the same from day to day', () => {
    inBase((folder) => {
      const text = `rules:
  - {name: half, selector: {backends: [aws]}, discount: 50%, expires: 2026-07-21}
  - {name: gcp, selector: {backends: [gcp]}, discount: 10%}`
      looking(folder, text)
      expect(looking(folder, text, { nowMs: nowMs + dayMs }).reused).toBe(true)
      expect(looking(folder, text, { nowMs: nowMs + 2 * dayMs })).toEqual({
        reused: false,
        prices: [1_000_000_000, 2_000_000_000, 2_700_000_000],
      })
    })
  })

  test('has an undated own offer as of the day of the search', () => {
    inBase((folder, base) => {
      const own = 'offers: [{backend: ssh, instance_type: r, cpu: 1, memory: 1GB, price: 0.1}]'
      looking(folder, own)
      expect(looking(folder, own, { nowMs: nowMs + dayMs }).reused).toBe(false)
      const options = { environment: { DSTACK_OFFERS_HOME: folder }, nowMs }
      const overlaid = overlaidCatalog(base, overlayOf(own), options)
      expect(overlaid.first(someRequirements(), 1)).toMatchObject([
        {
          id: 'ssh/?/r/on-demand',
          observation: { source: '.dstack/prices.yml', observedAt: '2026-07-20T00:00:00Z' },
        },
      ])
    })
  })

  test('is made anew where it is damaged', () => {
    inBase((folder) => {
      const { prices } = looking(folder, halved)
      const [name = ''] = cached(folder)
      writeFileSync(join(folder, 'cache', name), 'no database')
      expect(looking(folder, halved)).toEqual({ reused: false, prices })
      expect(looking(folder, halved)).toEqual({ reused: true, prices })
    })
  })

  test('is made for the process alone where no cache can be', () => {
    inBase((folder) => {
      writeFileSync(join(folder, 'file'), '')
      vi.stubEnv('TMPDIR', folder)
      const home = join(folder, 'file', 'below')
      expect(looking(folder, halved, { home })).toEqual({
        reused: false,
        prices: looking(folder, halved).prices,
      })
      vi.unstubAllEnvs()
      expect(readdirSync(folder).toSorted()).toEqual(['base.sqlite', 'cache', 'file'])
    })
  })

  test('of old ones a few stay, the last used', () => {
    inBase((folder) => {
      looking(folder, halved)
      const [used = ''] = cached(folder)
      const cache = join(folder, 'cache')
      for (let index = 0; index < 12; index++) {
        const path = join(cache, `overlaid-${index}.sqlite`)
        writeFileSync(path, '')
        utimesSync(path, index, index)
      }
      writeFileSync(join(cache, 'overlaid-x.sqlite.1.partial'), '')
      utimesSync(join(cache, 'overlaid-x.sqlite.1.partial'), 1, 1)
      writeFileSync(join(cache, 'overlaid-y.sqlite.1.partial'), '')
      writeFileSync(join(cache, 'another'), '')
      utimesSync(join(cache, used), 2, 2)
      expect(looking(folder, halved).reused).toBe(true)
      looking(folder, halved.replace('50', '51'))
      const left = cached(folder)
      expect(left.filter((name) => name.endsWith('.sqlite'))).toHaveLength(8)
      expect(left).toContain(used)
      expect(left).toContain('overlaid-11.sqlite')
      expect(left).not.toContain('overlaid-1.sqlite')
      expect(left).not.toContain('overlaid-x.sqlite.1.partial')
      expect(left).toContain('overlaid-y.sqlite.1.partial')
      expect(readdirSync(cache)).toContain('another')
    })
  })

  test('leaves nothing behind where it cannot be made', () => {
    inBase((folder, base) => {
      const text =
        'offers: [{backend: aws, instance_type: m5.large, cpu: 4, memory: 8GB, price: 1}]'
      const options = { environment: { DSTACK_OFFERS_HOME: folder }, nowMs }
      const open = (): OverlaidCatalog => overlaidCatalog(base, overlayOf(text), options)
      expect(open).toThrow(ConfigurationError)
      expect(open).toThrow('"m5.large" of aws is another machine: 2 CPUs, 8GB, no GPU')
      expect(cached(folder)).toEqual([])
      expect(base.count(someRequirements())).toBe(3)
    })
  })

  test('notes what the overlay did, after what is noted already', () => {
    withCatalog([], (_, folder) => {
      const path = join(folder, 'noted.sqlite')
      writeCatalog(path, offers, ['No spot prices.'])
      const text = `${halved.slice(0, -1)}, {name: eu, selector: {regions: [eu-west-1]}, exclude: true, weight: 1}]`
      const options = { environment: { DSTACK_OFFERS_HOME: folder }, nowMs }
      const overlaid = overlaidCatalog(openCatalog({ path }), overlayOf(text), options)
      expect(overlaid.listing().backends.map(({ notes }) => notes)).toEqual([
        ['No spot prices.', "Overlay: 1 price of one's own, 1 offer excluded."],
        ['No spot prices.'],
      ])
      overlaid.close()
    })
  })
})

describe('an own offer that bears the name of a known machine', () => {
  test('takes from it what it leaves unsaid, and the place of its offer', () => {
    inBase((folder, base) => {
      const text =
        'offers: [{backend: aws, region: us-east-1, instance_type: m5.large, cpu: 2, memory: 8GB, price: 0.04}]'
      const options = { environment: { DSTACK_OFFERS_HOME: folder }, nowMs }
      const overlaid = overlaidCatalog(base, overlayOf(text), options)
      const [first] = overlaid.first(someRequirements(), 1)
      expect(first?.instanceType).toEqual(anInstanceType())
      expect(overlaid.count(someRequirements())).toBe(3)
      expect(overlaid.stepsOf(first ? [first] : []).get(first?.id ?? '')).toEqual([
        {
          file: '.dstack/prices.yml',
          rule: null,
          action: { kind: 'own' },
          basePriceNanoUsd: 1_000_000_000,
          priceNanoUsd: 40_000_000,
        },
      ])
    })
  })
})

const run = promisify(execFile)

/** A process of its own: derives a catalog, and prints the digest of what it then reads. */
const derive = `
  const [path, home, text, nowMs] = process.argv.slice(1)
  const { openCatalog } = await import('#offers/catalog')
  const { joinOverlays } = await import('#overlay/load')
  const { overlaidCatalog } = await import('#api/overlay')
  const overlay = joinOverlays([{ file: '.dstack/prices.yml', text }])
  const environment = { DSTACK_OFFERS_HOME: home }
  const catalog = overlaidCatalog(openCatalog({ path }), overlay, { environment, nowMs: Number(nowMs) })
  console.log(catalog.summary().digest)
  catalog.close()`

test('processes that make the same catalog at once all read the whole of it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'overlay-'))
  try {
    const path = join(folder, 'base.sqlite')
    writeCatalog(path, someOffers(seeded(9), 4000))
    const words = ['--import', 'tsx', '-C', 'source', '--input-type=module', '-e', derive]
    const started = Array.from({ length: 3 }, () =>
      run(process.execPath, [...words, path, folder, halved, String(nowMs)]),
    )
    const digests = (await Promise.all(started)).map(({ stdout }) => stdout.trim())
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set(digests).size).toBe(1)
    expect(cached(folder)).toHaveLength(1)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a cache folder that is there already is used', () => {
  inBase((folder) => {
    mkdirSync(join(folder, 'cache'))
    expect(looking(folder, halved).reused).toBe(false)
  })
})

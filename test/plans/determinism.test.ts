/** The same inputs give the same bytes, wherever and in whatever order they came. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { Offer } from '#domain/offer'
import { anInstanceType, anOffer } from '../builders.ts'
import { someOffers } from '../generators.ts'
import { type Random, seeded } from '../random.ts'
import { catalogFile, fillCatalogFile } from './catalog-files.ts'

const shuffled = <T>(items: readonly T[], random: Random): readonly T[] =>
  items
    .map((item) => ({ item, key: random.next() }))
    .sort((left, right) => left.key - right.key)
    .map(({ item }) => item)

/** Names that locales sort apart: dotless i, digits, signs above ASCII. */
const names = ['I', 'i', 'ı', 'İ', 'z10', 'z9', 'ä', 'Z', 'ß', 'ss']

const offersOf = (random: Random): readonly Offer[] => [
  ...someOffers(random, 300).filter(({ backend }) => backend !== 'a-market'),
  ...names.map((name) =>
    anOffer({
      region: name,
      instanceType: anInstanceType({ name: `n-${name}` }),
      priceNanoUsd: 1000,
    }),
  ),
]

const configuration = `type: service
commands: [serve]
port: 8000
env: {B: "1", A: "2"}
resources: {disk: null, cpu: 1.., memory: 0.5GB..}
max_price: 1.1
`

/** The same, said otherwise: other order of keys, other shorthands, a comment. */
const sameConfiguration = `# the same
max_price: 1.10
env: [A=2, B=1]
resources:
  memory: 512MB..
  cpu: {min: 1}
  disk: null
port: "8000"
commands:
  - serve
type: service
`

const script = fileURLToPath(new URL('./write-plan.ts', import.meta.url))

const run = (path: string, text: string, environment: NodeJS.ProcessEnv) => {
  const result = spawnSync(
    process.execPath,
    ['--import', 'tsx', '-C', 'source', script, path, text],
    { encoding: 'utf8', env: { ...process.env, ...environment } },
  )
  expect(result.status, result.stderr).toBe(0)
  return { plan: result.stdout, place: result.stderr }
}

test('in any locale, time zone and order of rows', () => {
  const random = seeded(3)
  const offers = offersOf(random)
  const places = [
    { TZ: 'UTC', LANG: 'C', LC_ALL: 'C' },
    { TZ: 'Pacific/Kiritimati', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' },
    { TZ: 'America/St_Johns', LANG: 'sv_SE.UTF-8', LC_ALL: 'sv_SE.UTF-8' },
  ]
  const runs = places.map((environment, index) => {
    const { path, remove } = catalogFile(index === 0 ? offers : shuffled(offers, random))
    // Imported a second time, ids of regions and documents are others.
    if (index === 2) fillCatalogFile(path, shuffled(offers, random))
    const text = index === 1 ? sameConfiguration : configuration
    const told = run(path, text, environment)
    remove()
    return told
  })
  expect(new Set(runs.map(({ place }) => place)).size).toBe(places.length)
  const [first, ...others] = runs.map(({ plan }) => plan)
  expect(first).toContain('"rank": 25')
  for (const other of others) expect(other).toBe(first)
}, 60_000)

/** The bench's own parts: what it measures must be what it says. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCatalogFile } from '#catalog/fresh-file'
import type { BackendOffers } from '#catalog/replace'
import { openCatalog } from '#offers/catalog'
import { adversarialSets } from '../../scripts/bench/adversarial-sets.ts'
import { columnsReader, type OfferColumns } from '../../scripts/bench/columns.ts'
import { openRequirements, requirementSets } from '../../scripts/bench/requirement-sets.ts'
import { quantile } from '../../scripts/bench/statistics.ts'
import { requireRight } from '../../scripts/bench/subject.ts'
import { cloudOffers } from '../../scripts/bench/synthetic/cloud-offers.ts'
import { clouds, marketplaces } from '../../scripts/bench/synthetic/clouds.ts'
import { hostOffers } from '../../scripts/bench/synthetic/host-offers.ts'

const small = (): readonly BackendOffers[] => [
  ...clouds.map((cloud) => cloudOffers(cloud, 300)),
  ...marketplaces.map((market) => hostOffers(market, 200)),
]

let folder: string
let path: string
let columns: OfferColumns
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-'))
  path = join(folder, 'small.sqlite')
  const reader = columnsReader()
  for (const backend of small()) reader.read(backend)
  columns = reader.columns()
  makeCatalogFile(path, small())
})
afterAll(() => rmSync(folder, { recursive: true }))

test('the same offers every time', () => {
  expect(small()).toEqual(small())
})

test('offers are as skewed as real ones', () => {
  const offers = small().flatMap((backend) => backend.offers)
  const share = (holds: (offer: (typeof offers)[number]) => boolean): number =>
    offers.filter(holds).length / offers.length
  expect(share(({ spot }) => spot)).toBeGreaterThan(0.2)
  expect(share(({ instanceType }) => instanceType.gpu !== null)).toBeGreaterThan(0.1)
  expect(share(({ stock }) => stock === 'none')).toBeGreaterThan(0.001)
  expect(share(({ region }) => region === null)).toBeGreaterThan(0.001)
})

test('every requirement set, and adversarial ones, equal the scan of all offers', () => {
  const catalog = openCatalog({ path, environment: {} })
  const sets = requirementSets(catalog.instanceTypes().slice(0, 10))
  expect(sets.length).toBeGreaterThanOrEqual(200)
  for (const { requirements } of sets) requireRight(catalog, columns, requirements, 50)
  const names = {
    backends: catalog.backends(),
    regions: catalog.regions(),
    instanceTypes: catalog.instanceTypes(),
    gpus: catalog.gpuNames(),
  }
  let matching = 0
  for (const { requirements, limit } of adversarialSets(names, 400)) {
    if (requireRight(catalog, columns, requirements, limit).matched > 0) matching++
  }
  expect(matching).toBeGreaterThan(60)
  catalog.close()
})

test('a wrong answer is found', () => {
  const catalog = openCatalog({ path, environment: {} })
  const wrong = { ...catalog, count: () => 7, search: () => ({ offers: [], matched: 7 }) }
  expect(() => requireRight(wrong, columns, openRequirements, 50)).toThrow('wrong answer')
  catalog.close()
})

test('a quantile is a value that was measured', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(3)
  expect(quantile([4, 1, 3, 2], 0.99)).toBe(4)
  expect(quantile([], 0.5)).toBeNaN()
})

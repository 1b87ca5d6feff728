import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCatalogFile } from '#catalog/database'
import { makeCatalogFile } from '#catalog/fresh-file'
import { anInstanceType, anOffer } from '../builders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fresh-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const backend = (count: number): Parameters<typeof makeCatalogFile>[1] => [
  {
    backend: 'aws',
    offers: Array.from({ length: count }, (_, index) =>
      anOffer({ instanceType: anInstanceType({ name: `m${index}` }) }),
    ),
    notes: [],
  },
]

test('a catalog like any other, and nothing beside it', () => {
  const path = join(folder, 'catalog.sqlite')
  makeCatalogFile(path, backend(3))
  const database = openCatalogFile(path)
  expect(database.prepare('SELECT count(*) FROM offer').pluck().get()).toBe(3)
  database.close()
  makeCatalogFile(path, backend(5))
  expect(readdirSync(folder)).toEqual(['catalog.sqlite'])
})

test('the same offers give the same bytes', () => {
  const [one, other] = [join(folder, 'one'), join(folder, 'other')]
  makeCatalogFile(one, backend(500))
  makeCatalogFile(other, backend(500))
  expect(readFileSync(one).equals(readFileSync(other))).toBe(true)
})

test('a failure leaves the old one as it was', () => {
  const path = join(folder, 'catalog.sqlite')
  makeCatalogFile(path, backend(3))
  const before = readFileSync(path)
  const twice = [...backend(1), { backend: 'gcp', offers: [anOffer(), anOffer()], notes: [] }]
  expect(() => makeCatalogFile(path, twice)).toThrow(
    expect.objectContaining({ code: 'import-rejected' }),
  )
  expect(readFileSync(path).equals(before)).toBe(true)
  expect(existsSync(`${path}.new`)).toBe(false)
})

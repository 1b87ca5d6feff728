import { mkdtempSync, rmSync, truncateSync, writeFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { guarded, openCatalogFile, openWritableCatalogFile } from '#catalog/database'
import { migrations } from '#catalog/migrations/all'
import { replaceBackend } from '#catalog/replace'
import { KnownError } from '#domain/errors'
import { openSqlite } from '#platform/sqlite'
import { anInstanceType, anOffer } from '../builders.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catalog-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const code = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof KnownError) return error.code
    throw error
  }
  return 'none'
}

const filledCatalog = (): string => {
  const path = join(folder, 'catalog.sqlite')
  const database = openWritableCatalogFile(path)
  const offers = Array.from({ length: 2000 }, (_, index) =>
    anOffer({ instanceType: anInstanceType({ name: `m${index}` }) }),
  )
  replaceBackend(database, { backend: 'aws', offers, notes: [] })
  database.close()
  return path
}

describe('openCatalogFile', () => {
  test('opens what openWritableCatalogFile made', () => {
    const database = openCatalogFile(filledCatalog())
    expect(database.prepare('SELECT count(*) FROM offer').pluck().get()).toBe(2000)
    database.close()
  })

  test('an absent file, and one in an absent folder', () => {
    expect(code(() => openCatalogFile(join(folder, 'none.sqlite')))).toBe('catalog-missing')
    expect(code(() => openCatalogFile(join(folder, 'no', 'none.sqlite')))).toBe('catalog-missing')
  })

  test('a directory', () => {
    expect(code(() => openCatalogFile(folder))).toBe('catalog-unreadable')
  })

  test('a file that is no database', () => {
    const path = join(folder, 'text.sqlite')
    writeFileSync(path, 'backend,price\naws,1\n'.repeat(100))
    expect(code(() => openCatalogFile(path))).toBe('catalog-unreadable')
  })

  test('an empty file', () => {
    const path = join(folder, 'empty.sqlite')
    writeFileSync(path, '')
    expect(code(() => openCatalogFile(path))).toBe('catalog-unreadable')
  })

  test('a database of something else', () => {
    const path = join(folder, 'other.sqlite')
    const other = openSqlite(path, { readonly: false })
    other.exec('CREATE TABLE offer (price)')
    other.close()
    expect(code(() => openCatalogFile(path))).toBe('catalog-unreadable')
    expect(code(() => openWritableCatalogFile(path))).toBe('catalog-unreadable')
  })

  test.each([0.5, 0.99])('a file cut to %f of its length', (share) => {
    const path = filledCatalog()
    truncateSync(path, Math.floor(statSync(path).size * share))
    expect(code(() => openCatalogFile(path))).toBe('catalog-unreadable')
  })

  test('a page of noise inside is found when it is read', () => {
    const path = filledCatalog()
    const whole = statSync(path).size
    truncateSync(path, 4096)
    truncateSync(path, whole)
    expect(
      code(() =>
        guarded(path, () =>
          openCatalogFile(path).prepare('SELECT count(*), sum(standing) FROM offer').get(),
        ),
      ),
    ).toBe('catalog-unreadable')
  })

  test('a newer schema is refused for reading and for writing', () => {
    const path = filledCatalog()
    const raw = openSqlite(path, { readonly: false })
    raw.pragma(`user_version = ${migrations.length + 1}`)
    raw.close()
    expect(code(() => openCatalogFile(path))).toBe('catalog-newer')
    expect(code(() => openWritableCatalogFile(path))).toBe('catalog-newer')
  })

  test('an older schema is brought forward by writing, and named by reading', () => {
    const path = join(folder, 'old.sqlite')
    const fresh = openWritableCatalogFile(path)
    fresh.exec(
      `PRAGMA user_version = 0; DROP TABLE offer; DROP TABLE variant; DROP TABLE cell; DROP TABLE cell_region;
       DROP TABLE instance_type; DROP TABLE gpu; DROP TABLE region; DROP TABLE observation;
       DROP TABLE backend; DROP TABLE summary`,
    )
    fresh.close()
    expect(code(() => openCatalogFile(path))).toBe('catalog-unreadable')
    openWritableCatalogFile(path).close()
    expect(code(() => openCatalogFile(path))).toBe('none')
  })
})

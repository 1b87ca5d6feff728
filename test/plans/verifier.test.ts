/** The independent verifier: what it needs, and that it reads several files as the program does. */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { openCatalog } from '#api/catalog'
import { makePlan, printPlan } from '#api/plans'
import { readRows } from '../../scripts/verify-certificate.ts'
import { anOffer, someRequirements } from '../builders.ts'
import { someOffers } from '../generators.ts'
import { seeded } from '../random.ts'
import { catalogFile } from './catalog-files.ts'

const script = 'scripts/verify-certificate.ts'

test('is short, and shares no code with the program', () => {
  const text = readFileSync(script, 'utf8')
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(250)
  const imported = [...text.matchAll(/(?:from|import\(|require\()\s*'([^']+)'/g)].map(
    ([, name]) => name,
  )
  expect(imported).toEqual(['node:crypto', 'node:fs', 'better-sqlite3'])
})

test('digests what is in the file as the program does', () => {
  const random = seeded(11)
  for (let index = 0; index < 20; index++) {
    const { path, remove } = catalogFile(someOffers(random, 60))
    const database = new Database(path, { readonly: true })
    const catalog = openCatalog({ path })
    const { digest, offers, backends } = catalog.summary()
    const read = readRows([database])
    expect([read.digest, read.backends, read.rows.length]).toEqual([digest, backends, offers])
    catalog.close()
    database.close()
    remove()
  }
})

test('reads a backend from the file that saw it last', () => {
  const seen = (day: string) => ({ source: 'a list', observedAt: `2026-07-${day}T00:00:00Z` })
  const files = [
    catalogFile([
      anOffer({ region: 'old', observation: seen('01') }),
      anOffer({ backend: 'gcp', region: 'new', observation: seen('09') }),
    ]),
    catalogFile([
      anOffer({ region: 'new', observation: seen('02') }),
      anOffer({ backend: 'gcp', region: 'old', observation: seen('08') }),
    ]),
  ]
  const databases = files.map(({ path }) => new Database(path, { readonly: true }))
  const { rows, backends } = readRows(databases)
  expect(rows.map(({ backend, region }) => `${backend} ${region}`)).toEqual(['aws new', 'gcp new'])
  expect(backends).toBe(2)
  for (const database of databases) database.close()
  for (const { remove } of files) remove()
})

test('as a command says what holds, and what does not', () => {
  const { path, remove } = catalogFile([anOffer(), anOffer({ region: 'b' })])
  const catalog = openCatalog({ path })
  const request = { configuration: null, requirements: someRequirements(), limit: 1 }
  const text = printPlan(makePlan({ ...request, toolVersion: '1.2.3' }, catalog))
  catalog.close()
  const verify = (plan: string) => {
    const file = join(path, '..', 'plan.json')
    writeFileSync(file, plan)
    const { status, stdout } = spawnSync(
      process.execPath,
      ['--import', 'tsx', script, file, path],
      { encoding: 'utf8' },
    )
    return { status, stdout }
  }
  expect(verify(text)).toEqual({ status: 0, stdout: 'the answer holds\n' })
  const edited = verify(text.replace('"matched": 2', '"matched": 1'))
  expect(edited.status).toBe(1)
  expect(edited.stdout).toContain('/certificate/matched: 1, not 2')
  remove()
}, 60_000)

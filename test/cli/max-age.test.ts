import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeCatalogFile } from '#catalog/fresh-file'
import { openCatalog } from '#offers/catalog'
import { anOffer } from '../builders.ts'
import { run } from './world.ts'

const nowMs = Date.parse('2026-11-24T12:00:00Z')
const folder = mkdtempSync(join(tmpdir(), 'dstack-offers-age-'))
const path = join(folder, 'catalog.sqlite')

const seen = (backend: string, observedAt: string, priceNanoUsd: number) => ({
  backend,
  notes: [],
  offers: [anOffer({ backend, priceNanoUsd, observation: { source: 's', observedAt } })],
})

beforeAll(() => {
  makeCatalogFile(path, [
    seen('vastai', '2026-11-24T06:00:00Z', 1e9),
    seen('azure', '2026-11-04T12:00:00Z', 2e9),
  ])
})
afterAll(() => rmSync(folder, { recursive: true }))

const ask = (...words: readonly string[]) =>
  run([...words, '--cpu', '1..'], { nowMs, openCatalog: async () => openCatalog({ path }) })

test.each([
  [['--max-age', '24h']],
  [['--max-age', '19d', '-o', 'json']],
  [['--max-age', '24h', '--group-by', 'backend']],
  [['--max-age', '24h', '--explain', '2']],
  [['plan', '--max-age', '24h']],
])('%j is refused, and nothing else is said', async (words) => {
  const { code, stdout, stderr } = await ask(...words)
  expect([code, stdout]).toEqual([4, ''])
  expect(stderr).toMatch(/^error: the answer has prices older than --max-age "\w+": azure 20d\n/)
})

test.each([
  [['--max-age', '20d']],
  [['--max-age', '24h', '-n', '1']],
  [['--max-age', '24h', '-b', 'vastai']],
  [['--max-age', '24h', '--explain', '1']],
  [['plan', '--max-age', '24h', '-b', 'vastai']],
])('%j is answered', async (words) => {
  const { code, stderr } = await ask(...words)
  expect([code, stderr]).toEqual([0, ''])
})

test('without it, formats that tell no ages come with a warning', async () => {
  const warning =
    'warning: old prices: azure 20d; "dstack-offers catalog refresh" fetches what can be fetched\n'
  expect((await ask('-o', 'csv')).stderr).toBe(warning)
  expect((await ask('plan')).stderr).toBe(warning)
  expect((await ask('-o', 'csv', '-q')).stderr).toBe('')
  const { stdout, stderr } = await ask()
  expect(stdout).toContain('20d stale')
  expect(stderr).toBe('')
})

test('what is no duration is wrong input', async () => {
  expect((await ask('--max-age', 'soon')).code).toBe(2)
})

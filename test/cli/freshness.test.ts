import { expect, test } from 'vitest'
import { backends } from '#backends/registry'
import { agedPrices } from '#cli/freshness'
import { marketBackends } from '#domain/price-age'
import { anOffer } from '../builders.ts'

const now = Date.parse('2026-11-24T12:00:00Z')

const seen = (backend: string, hoursAgo: number, region = 'r') =>
  anOffer({
    backend,
    region,
    observation: {
      source: 's',
      observedAt: new Date(now - hoursAgo * 3_600_000).toISOString(),
    },
  })

test('the markets are those that their importers say', async () => {
  const kinds = await Promise.all(
    backends.map(async (backend) => ({
      name: backend.name,
      kind: (await backend.importer()).traits.kind,
    })),
  )
  const markets = kinds.filter(({ kind }) => kind === 'market').map(({ name }) => name)
  const fetched = new Set(kinds.map(({ name }) => name))
  expect([...marketBackends].filter((name) => fetched.has(name))).toEqual(markets)
})

test('a market is old after a day, a list after two weeks', () => {
  expect(agedPrices([seen('vastai', 24), seen('azure', 14 * 24)], now)).toEqual([])
  expect(agedPrices([seen('vastai', 25), seen('azure', 14 * 24)], now)).toEqual([
    'old prices: vastai 1d; "dstack-offers catalog refresh" fetches what can be fetched',
  ])
  expect(agedPrices([seen('vastai', 25), seen('azure', 15 * 24)], now).join()).toContain(
    'azure 15d, vastai 1d;',
  )
})

test('the oldest price of a backend counts, and an unknown time before all', () => {
  expect(agedPrices([seen('vastai', 72), seen('vastai', 1, 'q')], now).join()).toContain('3d')
  const unknown = anOffer({ backend: 'azure', observation: { source: 's', observedAt: '' } })
  const text = agedPrices([seen('vastai', 72), unknown, seen('azure', 1, 'q')], now).join()
  expect(text).toContain('azure ?, vastai 3d')
})

test('a clock that was ahead makes prices no older', () => {
  expect(agedPrices([seen('vastai', -1000)], now)).toEqual([])
})

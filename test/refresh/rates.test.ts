/** Prices in euros, from the rate's source to the catalog. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { endpointVariable } from '#backends/kit/endpoint'
import { hetzner } from '#backends/hetzner/backend'
import { scaleway } from '#backends/scaleway/backend'
import { vultr } from '#backends/vultr/backend'
import { heldOffers } from '#refresh/catalog-file'
import { readEuroRates, usdOf } from '#refresh/euro-rates'
import { refresh, type RefreshOptions } from '#refresh/refresh'
import { hetznerCase } from '../backends/hetzner/hetzner-case.ts'
import { scalewayCase } from '../backends/scaleway/scaleway-case.ts'
import { vultrCase } from '../backends/vultr/vultr-case.ts'
import { euroRatesReply, euroRatesXml } from '../contract/euro-rates.ts'
import { goodReply } from '../contract/run-importer.ts'
import { type Reply, type ScriptedServer, startServer } from '../contract/scripted-server.ts'
import { newTestClock, type TestClock } from '../contract/test-clock.ts'
import { reportOf } from './world.ts'

const msPerDay = 24 * 3600 * 1000
const h100 = 'scaleway/fr-par-2/H100-1-80G/on-demand'

let home: string
let clock: TestClock
let ecb: ScriptedServer
let servers: readonly ScriptedServer[]
let reply: () => Reply
let environment: Record<string, string>

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'dstack-offers-rates-'))
  clock = newTestClock()
  reply = () => euroRatesReply('2026-11-23', '1.0832')
  ecb = await startServer(() => reply())
  environment = { DSTACK_OFFERS_HOME: home, [endpointVariable('ecb')]: ecb.url }
  const cases = [scalewayCase, hetznerCase, vultrCase]
  const backends = cases.map(async (one) => {
    const server = await startServer((asked) => goodReply(one, asked))
    Object.assign(environment, one.credentials)
    environment[endpointVariable(one.backend.name)] = server.url
    return server
  })
  servers = await Promise.all(backends)
})
afterEach(async () => {
  for (const server of [ecb, ...servers]) await server.close()
  rmSync(home, { recursive: true, force: true })
})

const run = (options: Partial<RefreshOptions> = {}) =>
  refresh({ backends: [scaleway], environment, clock, ...options })

const held = (id: string) =>
  heldOffers(join(home, 'catalog.sqlite'), id.split('/')[0] ?? '').find((offer) => offer.id === id)

const ratesFile = () => join(home, 'euro-rates.json')

const offline = (): Reply => ({ status: 500 })

test('an offer in euros stands in dollars, and names the rate and its day', async () => {
  await run()
  // 2.73 EUR x 1.0832.
  expect(held(h100)?.priceNanoUsd).toBe(2_957_136_000)
  expect(held(h100)?.observation.source).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+ at 1\.0832 USD\/EUR, ECB 2026-11-23$/,
  )
})

test('the rate is asked once for all, where it is published', async () => {
  await run({ backends: [scaleway, hetzner, vultr] })
  expect(ecb.asked.map(({ path }) => path)).toEqual(['/stats/eurofxref/eurofxref-daily.xml'])
})

test('it is not asked where no backend needs it, or none that is ready', async () => {
  await run({ backends: [vultr] })
  const { HCLOUD_TOKEN: _token, ...without } = environment
  const report = await run({ backends: [hetzner], environment: without })
  expect(reportOf(report, 'hetzner').state).toBe('skipped')
  expect(ecb.connections()).toBe(0)
})

describe('when it does not answer', () => {
  test.each<[string, () => Reply]>([
    ['an error', offline],
    ['no connection', () => 'reset'],
    ['a page of HTML', () => ({ body: '<html>Down for maintenance</html>' })],
    ['rates without the dollar', () => ({ body: euroRatesXml('2026-11-26', { JPY: '160' }) })],
    ['a dollar worth nothing', () => ({ body: euroRatesXml('2026-11-26', { USD: '0.0' }) })],
  ])('the last rate is used, and its age told: %s', async (_name, failing) => {
    await run()
    reply = failing
    clock.advance(3 * msPerDay)
    const report = await run({ force: true })
    expect(reportOf(report, 'scaleway').state).toBe('unchanged')
    expect(reportOf(report, 'scaleway').why[0]).toContain(
      'euro rates of 2026-11-23 are used, 4 days old (',
    )
    expect(held(h100)?.priceNanoUsd).toBe(2_957_136_000)
    expect(held(h100)?.observation.source).toMatch(
      / at 1\.0832 USD\/EUR, ECB \(4 days old\) 2026-11-23$/,
    )
  })

  test('a rate of more than a week is not used: prices are unknown, and no backend fails', async () => {
    await run()
    reply = offline
    clock.advance(7 * msPerDay)
    const report = await run()
    const { state, why } = reportOf(report, 'scaleway')
    expect(state).toBe('refreshed')
    expect(why).toEqual([
      expect.stringContaining(
        'those remembered are 8 days old): prices in other currencies than dollars are unknown',
      ),
    ])
    expect(held(h100)).toMatchObject({ priceNanoUsd: null })
    expect(held(h100)?.observation.source).not.toContain('ECB')
  })

  test('without any rate offers are there, at unknown prices', async () => {
    reply = offline
    const report = await run({ backends: [scaleway, hetzner, vultr] })
    expect(report.backends.map(({ state }) => state)).toEqual(Array(3).fill('refreshed'))
    expect(reportOf(report, 'scaleway').why).toEqual([
      expect.stringContaining('none are remembered'),
    ])
    expect(reportOf(report, 'vultr').why).toEqual([])
    expect(held(h100)?.priceNanoUsd).toBe(null)
    expect(held('vultr/ams/vc2-1c-2gb/on-demand')?.priceNanoUsd).toBe(18_000_000)
  })

  test('what it said long ago is as good as silence', async () => {
    reply = () => euroRatesReply('2026-11-02', '1.0832')
    const report = await run()
    expect(reportOf(report, 'scaleway').why).toEqual([
      "no euro rates (ECB's are 22 days old; none are remembered): prices in other currencies than dollars are unknown",
    ])
    expect(existsSync(ratesFile())).toBe(false)
  })

  test.each(['not JSON', '{"day":"2026-11-23","perEuro":{"USD":1}}', 'null'])(
    'a damaged memory is none: %s',
    async (text) => {
      writeFileSync(ratesFile(), text)
      reply = offline
      const report = await run()
      expect(reportOf(report, 'scaleway').why).toEqual([
        expect.stringContaining('none are remembered'),
      ])
    },
  )
})

test('a dry run remembers nothing', async () => {
  await run({ dryRun: true })
  expect(existsSync(ratesFile())).toBe(false)
  await run()
  expect(JSON.parse(readFileSync(ratesFile(), 'utf8'))).toMatchObject({ day: '2026-11-23' })
})

test('a rate that moves all prices a little is believed, one that doubles them is not', async () => {
  await run()
  reply = () => euroRatesReply('2026-11-24', '1.0901')
  clock.advance(msPerDay)
  expect(reportOf(await run(), 'scaleway')).toMatchObject({ state: 'refreshed', why: [] })
  expect(held(h100)?.priceNanoUsd).toBe(2_975_973_000)
  reply = () => euroRatesReply('2026-11-25', '2.1802')
  clock.advance(msPerDay)
  expect(reportOf(await run(), 'scaleway')).toMatchObject({
    state: 'quarantined',
    why: ['prices are 2.00 times those held, by the median'],
  })
})

test('other currencies go by way of the euro, ten places long', () => {
  const rates = readEuroRates(
    euroRatesXml('2026-11-23', { USD: '1.0832', GBP: '0.8364', JPY: '167.35' }),
  )
  expect(usdOf(rates, 'EUR')).toBe('1.0832')
  expect(usdOf(rates, 'USD')).toBe('1')
  // 1.0832 / 0.8364 = 1.29507412721…, 1.0832 / 167.35 = 0.00647266208…
  expect(usdOf(rates, 'GBP')).toBe('1.2950741272')
  expect(usdOf(rates, 'JPY')).toBe('0.006472662')
  expect(usdOf(rates, 'XXX')).toBe(null)
})

test('rates of several days, or of no day, are not read', () => {
  const one = euroRatesXml('2026-11-23', { USD: '1.1' })
  expect(() => readEuroRates(one + euroRatesXml('2026-11-20', { USD: '1.2' }))).toThrow('one day')
  expect(() => readEuroRates(euroRatesXml('2026-02-30', { USD: '1.1' }))).toThrow('one day')
  expect(readEuroRates(one.replaceAll("'", '"')).perEuro).toEqual({ USD: '1.1' })
})

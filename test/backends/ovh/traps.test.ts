import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { endpointVariable } from '#backends/kit/endpoint'
import { refresh } from '#refresh/refresh'
import { euroRatesReply } from '../../contract/euro-rates.ts'
import { isRow } from '../../contract/importer-case.ts'
import { runImporter } from '../../contract/run-importer.ts'
import { type Asked, type Reply, startServer } from '../../contract/scripted-server.ts'
import { newTestClock } from '../../contract/test-clock.ts'
import { ovhCase } from './ovh-case.ts'

const withAccount = async () => {
  const { collected, server } = await runImporter(ovhCase)
  return { collected, server, offers: new Map(collected.offers.map((offer) => [offer.id, offer])) }
}

const withoutAccount = () => runImporter({ ...ovhCase, credentials: {} })

test('prices are integers of a hundred-millionth', async () => {
  const { offers } = await withAccount()
  expect(offers.get('ovh/GRA11/a100-180/on-demand')?.priceNanoUsd).toBe(2_750_000_000)
})

test('some regions have a price of their own', async () => {
  const { offers } = await withAccount()
  const regions = [...offers.values()].filter(({ instanceType }) => instanceType.name === 'b3-8')
  expect(
    Object.fromEntries(regions.map(({ region, priceNanoUsd }) => [region, priceNanoUsd])),
  ).toEqual({
    GRA11: 51_200_000,
    BHS5: 51_200_000,
    'EU-WEST-PAR': 51_200_000,
    'AF-NORTH-LZ-RBA': 93_000_000,
  })
})

test('without an account nothing is signed, and no region is made up', async () => {
  const { collected, server } = await withoutAccount()
  expect(server.asked.map(({ path }) => path)).toEqual(['/v1/order/catalog/public/cloud'])
  const regions = new Map(collected.offers.map(({ id, region }) => [id, region]))
  expect(regions.get('ovh/?/b3-8/on-demand')).toBe(null)
  expect(collected.offers.find(({ id }) => id === 'ovh/?/b3-8/on-demand')?.priceNanoUsd).toBe(
    51_200_000,
  )
  expect(regions.get('ovh/WAW1/r3-16/on-demand'), 'told by the plan itself').toBe('WAW1')
  expect(collected.rejects).toContainEqual({
    reason: 'price of some regions that are not told',
    row: 'b3-8.consumption.LZ.AF',
  })
})

test('what is no Linux instance by the hour is no offer, and is counted', async () => {
  const { collected } = await withAccount()
  const reasons = Object.fromEntries(collected.rejects.map(({ reason, row }) => [row, reason]))
  expect(reasons).toMatchObject({
    'd2-4.monthly.postpaid': 'not billed by the hour',
    'win-b2-7.consumption': 'Windows',
    'wi-c3-8.consumption': 'Windows',
    's1-2.consumption': 'not for new instances',
    'hidden-1.consumption': 'not for new instances',
    'b3-8.consumption.LZ.EU': 'in no region',
    't2-45.consumption': 'in no region',
    'zx-90.consumption': 'no known model of accelerator',
    'plain-1.consumption': 'no vCPU or no memory',
    'broken-1.consumption': 'no usable "pricings"',
    'free-1': 'no price above zero',
  })
})

test('a price for three hours is none for one', async () => {
  const { collected } = await withoutAccount()
  expect(collected.rejects).toContainEqual({ reason: 'no price above zero', row: 'odd-1' })
})

test('plans of anything else are no rows at all', async () => {
  const { collected } = await withAccount()
  expect(collected.pages[0]?.rows).toBe(20)
  expect(collected.rejects.filter(({ row }) => row.includes('volume'))).toEqual([])
})

test('memory of an accelerator is that of one, and all disks count', async () => {
  const { offers } = await withAccount()
  expect(offers.get('ovh/GRA9/h100-760/on-demand')?.instanceType).toMatchObject({
    gpuCount: 2,
    gpu: { name: 'H100', memoryMib: 80 * 1024 },
    diskMib: 2 * 3840 * 1024,
  })
})

test('a catalog in euros is converted, and names the rate', async () => {
  const { collected } = await runImporter(ovhCase, (asked, good) => {
    const answer: unknown = structuredClone(ovhCase.world(asked))
    if (!isRow(answer) || !isRow(answer['locale'])) return good()
    answer['locale']['currencyCode'] = 'EUR'
    return { body: JSON.stringify(answer) }
  })
  const offer = collected.offers.find(({ id }) => id === 'ovh/GRA11/a100-180/on-demand')
  expect(offer?.priceNanoUsd).toBe(3_437_500_000)
  expect(offer?.observation.source).toBe('the test at 1.25 USD/EUR, the test 2026-11-24')
})

test('a refresh asks for the rate that a catalog in euros needs', async () => {
  const answered = (asked: Asked): Reply => {
    const answer: unknown = structuredClone(ovhCase.world(asked))
    if (isRow(answer) && isRow(answer['locale'])) answer['locale']['currencyCode'] = 'EUR'
    return { body: JSON.stringify(answer) }
  }
  const home = mkdtempSync(join(tmpdir(), 'dstack-offers-ovh-'))
  const server = await startServer(answered)
  const rates = await startServer(() => euroRatesReply('2026-11-24', '1.25'))
  try {
    const { backends } = await refresh({
      backends: [ovhCase.backend],
      environment: {
        [endpointVariable('ovh')]: server.url,
        [endpointVariable('ecb')]: rates.url,
        DSTACK_OFFERS_HOME: home,
      },
      clock: newTestClock(),
    })
    expect(backends[0]).toMatchObject({ state: 'refreshed', why: [] })
    expect(rates.asked.length).toBe(1)
  } finally {
    await Promise.all([server.close(), rates.close()])
    rmSync(home, { recursive: true, force: true })
  }
})

test('an account is asked where it is kept', async () => {
  const paths = async (place: Readonly<Record<string, string>>) => {
    const run = await runImporter({
      ...ovhCase,
      credentials: { ...ovhCase.credentials, ...place },
    })
    return run.server.asked.map(({ path, query }) => `${path} ${query.get('ovhSubsidiary') ?? ''}`)
  }
  expect(await paths({})).toContain('/eu/v1/cloud/order/rule/availability FR')
  expect(await paths({ OVH_ENDPOINT: 'ovh-ca' })).toContain('/v1/cloud/order/rule/availability WE')
})

test('half of an account is a mistake, none of it is not', async () => {
  const importer = await ovhCase.backend.importer()
  const readiness = (environment: Readonly<Record<string, string>>) =>
    importer.readiness(environment)
  expect(readiness({})).toEqual({ status: 'ready', values: {} })
  expect(readiness({ OVH_ENDPOINT: 'ovh-us' })).toEqual({ status: 'ready', values: {} })
  expect(readiness({ OVH_APPLICATION_KEY: 'a key' })).toEqual({
    status: 'misconfigured',
    names: ['OVH_APPLICATION_SECRET', 'OVH_CONSUMER_KEY'],
  })
  expect(readiness({ ...ovhCase.credentials, OVH_ENDPOINT: 'ovh-us' })).toEqual({
    status: 'misconfigured',
    names: ['OVH_ENDPOINT as ovh-eu or ovh-ca'],
  })
})

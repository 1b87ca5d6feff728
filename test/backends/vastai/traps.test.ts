import { expect, test } from 'vitest'
import { regionOf } from '#backends/vastai/region'
import { runImporter } from '../../contract/run-importer.ts'
import { vastaiCase } from './vastai-case.ts'

test.each([
  ['Guangxi, CN', 'cn-guangxi'],
  ['Denmark, DK, EU', 'dk-denmark'],
  [', CA, NA', 'ca'],
  ['South Korea, KR', 'kr-southkorea'],
  ['Somewhere', null],
  ['', null],
  [null, null],
])('%j is in %j', (geolocation, region) => {
  expect(regionOf(geolocation)).toBe(region)
})

test('memory is the share of the host that goes with the cores', async () => {
  const { collected } = await runImporter(vastaiCase)
  const ask = collected.offers.find(({ instanceType }) => instanceType.name === '11684738')
  expect(ask?.instanceType).toMatchObject({ cpus: 24, memoryMib: Math.round(64393 / 4) })
})

test('the bid is for the machine, not for one accelerator', async () => {
  const { collected } = await runImporter(vastaiCase)
  const bid = collected.offers.find(({ id }) => id === 'vastai/is-iceland/11684770/spot')
  expect(bid?.priceNanoUsd).toBe(9_000_000_000)
})

test('what is rented meanwhile, unknown, or bid for at the full price is counted', async () => {
  const { collected } = await runImporter(vastaiCase)
  expect(collected.rejects).toEqual([
    { reason: 'bid at or above on-demand', row: '11684739' },
    { reason: 'no known model of accelerator', row: '11684741' },
    { reason: 'not rentable', row: '11684771' },
  ])
})

test('every search states its limit: without one the market is cut off at some 64', async () => {
  const { server } = await runImporter(vastaiCase)
  expect(server.asked.length).toBe(5)
  for (const { body } of server.asked) expect(JSON.parse(body)).toMatchObject({ limit: 3000 })
})

test('an empty answer to a common number of accelerators is no market without them', async () => {
  const sealedWithout = async (least: number) => {
    const { collected } = await runImporter(vastaiCase, (asked, good) =>
      asked.body.includes(`"gte":${least}`) ? { body: '{"offers":[]}' } : good(),
    )
    return collected.sealed
  }
  expect(await sealedWithout(1)).toEqual({ complete: false, why: ['1 GPU: is empty'] })
  expect(await sealedWithout(5)).toEqual({ complete: false, why: ['5 to 8 GPUs: is empty'] })
  expect(await sealedWithout(9)).toEqual({ complete: true })
})

test('spellings of one card are one name', async () => {
  const { collected } = await runImporter(vastaiCase)
  const names = collected.offers.map(({ instanceType }) => instanceType.gpu?.name)
  expect(names).toContain('RTX4080SUPER')
  expect(names).toContain('H100NVL')
})

test('names and disks are never asked for, so that no search leaves a model out or moves a price', async () => {
  const { server, collected } = await runImporter(vastaiCase)
  for (const { body } of server.asked) {
    const asked = Object.keys(JSON.parse(body) as object)
    for (const key of ['gpu_name', 'disk_space', 'allocated_storage']) {
      expect(asked).not.toContain(key)
    }
  }
  // What is not asked for is not told either: a disk of any size is had for its own price.
  expect(new Set(collected.offers.map(({ instanceType }) => instanceType.diskMib))).toEqual(
    new Set([null]),
  )
})

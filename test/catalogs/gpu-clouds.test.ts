import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { gpuClouds } from '../../scripts/embed/gpu-clouds.ts'
import { readSnapshot } from '#catalog/snapshot'

const catalogs = fileURLToPath(new URL('../../catalogs', import.meta.url))
const clouds = new Set(gpuClouds.map(({ backend }) => backend))
const snapshot = readSnapshot(catalogs).filter(({ backend }) => clouds.has(backend))
const offers = snapshot.flatMap((backend) => backend.offers)
const byId = new Map(offers.map((offer) => [offer.id, offer]))

describe('prices of the clouds', () => {
  // Lambda's are confirmed by its own API's answer of 2026-07-30 (cents per instance-hour).
  test.each([
    ['lambdalabs/?/a10/on-demand', 1_290_000_000],
    ['lambdalabs/?/a100-sxm-40gb/on-demand', 1_990_000_000],
    ['lambdalabs/?/h100-pcie/on-demand', 3_290_000_000],
    ['lambdalabs/?/a6000/on-demand', 1_090_000_000],
    ['digitalocean/?/h100/on-demand', 3_390_000_000],
    ['digitalocean/?/mi300x/on-demand', 1_990_000_000],
    ['hyperstack/?/h100-pcie/on-demand', 1_900_000_000],
    ['hyperstack/?/l40/on-demand', 1_000_000_000],
    ['jarvislabs/?/h100-sxm/on-demand', 2_690_000_000],
    ['vultr/?/gh200/on-demand', 1_990_000_000],
    ['runpod/?/rtx-4090-secure/on-demand', 690_000_000],
    ['runpod/?/a40-community/on-demand', 350_000_000],
    ['dataoorts/?/nova-h100-sxm5/on-demand', 2_270_000_000],
    ['dataoorts/?/nova-h100-sxm5/spot', 790_000_000],
    ['genesiscloud/?/rtx-3090/on-demand', 200_000_000],
    ['packetai/?/b200-nvl/on-demand', 3_750_000_000],
    ['gpuhub/?/rtx-5090/on-demand', 380_000_000],
  ])('%s', (id, priceNanoUsd) => {
    expect(byId.get(id)?.priceNanoUsd).toBe(priceNanoUsd)
  })
})

test('a machine of one accelerator, of no known region', () => {
  const odd = offers.filter(
    ({ region, instanceType }) => region !== null || instanceType.gpuCount !== 1,
  )
  expect(odd).toEqual([])
})

test('vCPUs and memory are those of an instance with one accelerator, not of a host', () => {
  const odd = offers.filter(
    ({ instanceType: { cpus, memoryMib } }) => cpus > 72 || memoryMib > 480 * 1024,
  )
  expect(odd.map(({ id }) => id)).toEqual([])
})

test('estimates and serverless workers are not offers', () => {
  const spot = new Set(offers.filter((offer) => offer.spot).map(({ backend }) => backend))
  expect([...spot]).toEqual(['dataoorts'])
})

test('each backend tells that its regions are not known', () => {
  expect(snapshot.length).toBe(clouds.size)
  const silent = snapshot.filter(({ notes }) => !notes.includes('regions are not known'))
  expect(silent).toEqual([])
})

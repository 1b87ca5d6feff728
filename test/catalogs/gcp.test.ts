import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readSnapshot } from '#catalog/snapshot'
import type { Offer } from '#domain/offer'
import { nanoPerUsd } from '#domain/price'

const catalogs = fileURLToPath(new URL('../../catalogs', import.meta.url))

const offers = readSnapshot(catalogs).find(({ backend }) => backend === 'gcp')?.offers ?? []

const byId = new Map(offers.map((offer) => [offer.id, offer]))

const usdOf = (offer: Offer | undefined): number => (offer?.priceNanoUsd ?? Number.NaN) / nanoPerUsd

const familyOf = (offer: Offer): string => offer.instanceType.name.split('-')[0] ?? ''

const gpuOffers = offers.filter(({ instanceType }) => instanceType.gpu !== null)

const onDemandOf = (spot: Offer): Offer | undefined =>
  byId.get(spot.id.replace(/spot$/, 'on-demand'))

/** Empty is as it should be: the ids of offers that break a rule. */
const idsWhere = (among: readonly Offer[], broken: (offer: Offer) => boolean): string[] =>
  among.filter(broken).map(({ id }) => id)

describe('published prices of us-central1', () => {
  // Here the figures for a2-ultragpu and a3 include the local SSD of these machines; sources that
  // leave it out are 0.7 to 0.8 % below.
  test.each([
    ['a2-highgpu-1g', 'on-demand', 3.673385],
    ['a2-highgpu-8g', 'on-demand', 29.38708],
    ['a2-highgpu-8g', 'spot', 15.42416],
    ['a2-ultragpu-1g', 'on-demand', 5.068798],
    ['a2-ultragpu-1g', 'spot', 2.759546],
    ['a3-highgpu-8g', 'on-demand', 88.49],
    ['a3-highgpu-8g', 'spot', 50.609541],
    ['g2-standard-4', 'on-demand', 0.706832],
    ['g2-standard-4', 'spot', 0.397336],
    ['g2-standard-48', 'on-demand', 4.001665],
    ['g4-standard-48', 'on-demand', 4.49993],
    ['g4-standard-48', 'spot', 1.79982],
    ['g4-standard-6', 'on-demand', 0.559556],
    ['n1-standard-4', 'on-demand', 0.189999],
    ['n1-standard-4', 'spot', 0.06701],
    ['e2-micro', 'on-demand', 0.008376],
    ['f1-micro', 'on-demand', 0.0076],
  ])('%s %s', (type, purchase, usd) => {
    expect(usdOf(byId.get(`gcp/us-central1/${type}/${purchase}`))).toBeCloseTo(usd, 6)
  })

  test('are the sum of their components', () => {
    const [core, gib, gpu] = [0.031611, 0.004237, 2.933908]
    const sum = 12 * core + 85 * gib + gpu
    expect(usdOf(byId.get('gcp/us-central1/a2-highgpu-1g/on-demand'))).toBeCloseTo(sum, 6)
  })
})

describe('instance types', () => {
  test.each([
    ['a2-megagpu-16g', 96, 1360, 'A100', 40, 16],
    ['a2-ultragpu-8g', 96, 1360, 'A100', 80, 8],
    ['a3-highgpu-8g', 208, 1872, 'H100', 80, 8],
    ['g2-standard-24', 24, 96, 'L4', 24, 2],
    ['g4-standard-6', 6, 22, 'RTXPRO6000-1/8', 12, 1],
    ['g4-standard-384', 384, 1440, 'RTXPRO6000', 96, 8],
  ])('%s', (type, cpus, memoryGb, name, gpuMemoryGb, gpuCount) => {
    expect(byId.get(`gcp/us-central1/${type}/on-demand`)?.instanceType).toMatchObject({
      cpus,
      memoryMib: memoryGb * 1024,
      gpu: { name, memoryMib: gpuMemoryGb * 1024 },
      gpuCount,
    })
  })

  test('have GPUs exactly in the GPU families', () => {
    const families = new Set(['a2', 'a3', 'a4', 'g2', 'g4'])
    expect(
      idsWhere(
        offers,
        (offer) => families.has(familyOf(offer)) !== offer.instanceType.gpuCount > 0,
      ),
    ).toEqual([])
    expect(gpuOffers.length).toBeGreaterThan(500)
  })

  test('of Arm are t2a, c4a and n4a', () => {
    const arm = offers.filter(({ instanceType }) => instanceType.architecture === 'arm64')
    expect([...new Set(arm.map(familyOf))].sort()).toEqual(['c4a', 'n4a', 't2a'])
  })

  test('are none that Google does not list as such', () => {
    expect(idsWhere(offers, ({ id }) => /custom|-node-/.test(id))).toEqual([])
  })
})

describe('prices', () => {
  /** What one GPU costs on its own in the region where it is cheapest, in USD per hour. */
  const components: Readonly<Record<string, number>> = {
    'A100 40': 2.933908,
    'A100 80': 3.928,
    'H100 80': 9.796,
    'L4 24': 0.558,
  }

  const componentOf = ({ instanceType: { gpu, gpuCount } }: Offer): number =>
    gpuCount * (components[`${gpu?.name} ${(gpu?.memoryMib ?? 0) / 1024}`] ?? 0)

  test('of GPU machines cover the GPUs', () => {
    const covered = gpuOffers.filter((offer) => !offer.spot && componentOf(offer) > 0)
    expect(covered.length).toBeGreaterThan(100)
    expect(idsWhere(covered, (offer) => usdOf(offer) < componentOf(offer))).toEqual([])
  })

  test.each([
    ['g4-standard-6', 1 / 8],
    ['g4-standard-12', 1 / 4],
    ['g4-standard-24', 1 / 2],
  ])('of %s are that share of a whole card', (type, share) => {
    const slices = offers.filter(({ instanceType }) => instanceType.name === type)
    expect(slices.length).toBeGreaterThan(0)
    for (const slice of slices) {
      const whole = byId.get(slice.id.replace(type, 'g4-standard-48'))
      expect(usdOf(slice) / usdOf(whole)).toBeCloseTo(share, 2)
    }
  })

  test('for spot are never above on-demand', () => {
    const spot = offers.filter((offer) => offer.spot)
    expect(spot.length).toBeGreaterThan(10_000)
    const above = (offer: Offer): boolean => usdOf(offer) > usdOf(onDemandOf(offer))
    expect(idsWhere(spot, above)).toEqual([])
  })

  test('for spot of GPU machines never leave the GPU out', () => {
    const pairs = gpuOffers.filter((offer) => offer.spot && onDemandOf(offer))
    expect(pairs.length).toBeGreaterThan(200)
    const low = (offer: Offer): boolean => usdOf(offer) < 0.15 * usdOf(onDemandOf(offer))
    expect(idsWhere(pairs, low)).toEqual([])
  })

  test('for spot lack an on-demand price only where there is no plain on-demand', () => {
    const alone = offers.filter((offer) => offer.spot && !onDemandOf(offer))
    expect([...new Set(alone.map(({ instanceType }) => instanceType.name))].sort()).toEqual([
      'a3-highgpu-1g',
      'a3-highgpu-2g',
      'a3-highgpu-4g',
    ])
  })
})

describe('regions', () => {
  const a100 =
    'asia-northeast1 asia-northeast3 asia-southeast1 europe-west4 me-west1 us-central1 us-east1 us-west1 us-west3 us-west4'
  const a100Of80 = 'asia-southeast1 europe-west4 us-central1 us-east4 us-east5'
  const l4 = 'asia-south1 asia-southeast1 europe-west4 us-central1 us-east1 us-east4 us-west1'

  test.each([
    ['a2-highgpu-1g', a100],
    ['a2-ultragpu-1g', a100Of80],
    ['g2-standard-4', l4],
  ])('of %s are those where its GPU is', (type, regions) => {
    const found = offers.filter(({ instanceType }) => instanceType.name === type)
    expect(new Set(found.map(({ region }) => region))).toEqual(new Set(regions.split(' ')))
  })

  test.each([
    ['gcp/europe-north1/a2-highgpu-1g/spot'],
    ['gcp/us-west2/g2-standard-4/on-demand'],
    ['gcp/europe-north1/a3-highgpu-8g/on-demand'],
    ['gcp/us-central1/a3-highgpu-1g/on-demand'],
    ['gcp/us-south1/t2a-standard-1/on-demand'],
  ])('do not hold %s, which is priced but not sold', (id) => {
    expect(offers.length).toBeGreaterThan(0)
    expect(byId.has(id)).toBe(false)
  })

  test('are names of regions, not of zones', () => {
    expect(idsWhere(offers, ({ region }) => !/^[a-z]+-[a-z]+\d+$/.test(region ?? ''))).toEqual([])
  })
})

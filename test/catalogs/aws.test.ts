import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readSnapshot } from '#catalog/snapshot'
import type { Offer } from '#domain/offer'

const catalogs = fileURLToPath(new URL('../../catalogs', import.meta.url))
const offers = readSnapshot(catalogs).find(({ backend }) => backend === 'aws')?.offers ?? []
const byId = new Map(offers.map((offer) => [offer.id, offer]))

const at = (region: string, type: string): Offer | undefined =>
  byId.get(`aws/${region}/${type}/on-demand`)

describe('published on-demand prices of us-east-1', () => {
  test.each([
    ['p5.48xlarge', 55_040_000_000],
    ['p5.4xlarge', 6_880_000_000],
    ['p4d.24xlarge', 21_957_642_000],
    ['p4de.24xlarge', 27_447_050_000],
    ['p5en.48xlarge', 63_296_000_000],
    ['p6-b200.48xlarge', 113_932_800_000],
    ['p6-b300.48xlarge', 142_416_000_000],
    ['g5.xlarge', 1_006_000_000],
    ['g6.xlarge', 804_800_000],
    ['g6f.large', 202_000_000],
    ['gr6f.4xlarge', 1_066_000_000],
    ['g6e.xlarge', 1_861_000_000],
    ['g7e.2xlarge', 3_363_120_000],
    ['trn1.2xlarge', 1_343_750_000],
    ['inf2.xlarge', 758_200_000],
    ['t3.nano', 5_200_000],
  ])('%s', (type, priceNanoUsd) => {
    expect(at('us-east-1', type)?.priceNanoUsd).toBe(priceNanoUsd)
  })
})

describe('machines', () => {
  test.each([
    ['p5.48xlarge', 192, 2048, 'H100', 8, 80],
    ['p5.4xlarge', 16, 256, 'H100', 1, 80],
    ['p4d.24xlarge', 96, 1152, 'A100', 8, 40],
    ['p4de.24xlarge', 96, 1152, 'A100', 8, 80],
    ['p5en.48xlarge', 192, 2048, 'H200', 8, 141],
    ['p6-b200.48xlarge', 192, 2048, 'B200', 8, 180],
    ['g5.xlarge', 4, 16, 'A10G', 1, 24],
    ['g6.12xlarge', 48, 192, 'L4', 4, 24],
    ['g6f.large', 2, 8, 'L4-1/8', 1, 3],
    ['gr6f.4xlarge', 16, 128, 'L4-1/2', 1, 12],
    ['g4ad.xlarge', 4, 16, 'V520', 1, 8],
    ['trn1.32xlarge', 128, 512, 'Trainium', 16, 32],
    ['inf2.48xlarge', 192, 768, 'Inferentia2', 12, 32],
    ['inf1.24xlarge', 96, 192, 'Inferentia', 16, 8],
  ])('%s', (type, cpus, memoryGb, gpu, gpuCount, gpuMemoryGb) => {
    expect(at('us-east-1', type)?.instanceType).toMatchObject({
      cpus,
      memoryMib: memoryGb * 1024,
      gpu: { name: gpu, memoryMib: gpuMemoryGb * 1024 },
      gpuCount,
      diskMib: null,
    })
  })

  test('Arm machines say so', () => {
    const architectures = ['g5g.xlarge', 'm7g.large', 'm7i.large'].map(
      (type) => at('us-east-1', type)?.instanceType.architecture,
    )
    expect(architectures).toEqual(['arm64', 'arm64', 'x86_64'])
  })

  test('no machine of an accelerated family is listed as a CPU machine', () => {
    const bare = offers.filter(
      ({ instanceType }) =>
        instanceType.gpu === null && /^(p|g|gr|inf|trn|dl|f|vt)\d/.test(instanceType.name),
    )
    expect(bare.map(({ id }) => id)).toEqual([])
  })

  test('every accelerator that EC2 sells on demand is there', () => {
    const names = new Set(offers.flatMap(({ instanceType: { gpu } }) => (gpu ? [gpu.name] : [])))
    expect([...names].sort()).toEqual([
      'A100',
      'A10G',
      'AI100',
      'B200',
      'B300',
      'H100',
      'H200',
      'Inferentia',
      'Inferentia2',
      'L4',
      'L4-1/2',
      'L4-1/4',
      'L4-1/8',
      'L40S',
      'RTXPRO4500',
      'RTXPRO6000',
      'T4',
      'T4g',
      'Trainium',
      'V100',
      'V520',
    ])
  })
})

describe('regions', () => {
  test('are those with a list of offerings', () => {
    const regions = new Set(offers.map(({ region }) => region))
    expect(regions.size).toBe(30)
    expect(regions).not.toContain('mx-central-1')
  })

  test('us-east-1 is of its own document and day', () => {
    const days = (region: string): string[] => [
      ...new Set(
        offers.filter((one) => one.region === region).map((one) => one.observation.observedAt),
      ),
    ]
    expect(days('us-east-1')).toEqual(['2026-07-20T00:00:00Z'])
    expect(days('eu-west-1')).toEqual(['2026-03-15T00:00:00Z'])
  })

  test('spot prices are not among them', () => {
    expect(offers.filter(({ spot }) => spot)).toEqual([])
  })
})

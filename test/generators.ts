/** Catalogs and requirements at random, crowded so that ties and near misses are common. */
import type { Gpu } from '#domain/gpu'
import type { Offer } from '#domain/offer'
import type { Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import { aGpu, anInstanceType, anOffer, someRequirements } from './builders.ts'
import type { Random } from './random.ts'

const gpus: readonly Gpu[] = [
  aGpu(),
  aGpu({ memoryMib: 40 * 1024 }),
  aGpu({ name: 'H100', computeCapability: [9, 0] }),
  aGpu({ name: 'T4', memoryMib: 16 * 1024, computeCapability: [7, 5] }),
  aGpu({ name: 'A10-1/6', memoryMib: 4096, computeCapability: [8, 6] }),
  aGpu({ name: 'MI300X', vendor: 'amd', memoryMib: 192 * 1024, computeCapability: null }),
]

const backends = ['aws', 'gcp', 'vastai', 'runpod', 'a-market'] as const
const regions = ['us-east-1', 'US-EAST-1', 'eu-west-1', 'europe-west4', null] as const

export const someOffers = (random: Random, count: number): readonly Offer[] => {
  const types = Array.from({ length: Math.ceil(count / 4) }, (_, index) => {
    const gpu = random.chance(0.5) ? random.pick(gpus) : null
    return {
      backend: random.pick(backends),
      instanceType: anInstanceType({
        name: `${random.pick(['m', 'g', 'Standard_D'])}${index}`,
        cpus: random.pick([0.25, 1, 2, 4, 6, 8, 16, 64]),
        memoryMib: random.pick([512, 2048, 4096, 8192, 9000, 16_384, 131_072]),
        gpu,
        gpuCount: gpu ? random.pick([1, 1, 2, 4, 8]) : 0,
        diskMib: random.chance(0.3) ? random.pick([51_200, 102_400, 1_048_576]) : null,
      }),
    }
  })
  const offers = new Map<string, Offer>()
  for (let index = 0; index < count; index++) {
    const offer = anOffer({
      ...random.pick(types),
      region: random.pick(regions),
      spot: random.chance(0.4),
      priceNanoUsd: random.chance(0.05) ? null : random.int(1, 12) * 100_000_000,
      stock: random.pick(['unknown', 'unknown', 'low', 'high', 'none']),
    })
    offers.set(offer.id, offer)
  }
  return [...offers.values()]
}

const range = (random: Random, steps: readonly number[]): Range => {
  const [low, high] = [random.pick(steps), random.pick(steps)].toSorted((a, b) => a - b)
  const max = high ?? null
  return {
    min: random.chance(0.3) ? null : (low ?? null),
    max: random.chance(0.6) ? null : max,
  }
}

const names = (
  random: Random,
  probability: number,
  from: readonly string[],
): readonly string[] | null =>
  random.chance(probability)
    ? Array.from({ length: random.int(0, 3) + Number(random.chance(0.9)) }, () => random.pick(from))
    : null

const gpuRequirement = (random: Random): GpuRequirement => ({
  names: names(random, 0.4, ['a100', 'H100', 't4', 'A10-1/6', 'MI300X', 'B200']),
  count: range(random, [0, 1, 1, 2, 4, 8]),
  memoryMib: random.chance(0.4) ? range(random, [4096, 16_384, 24_576, 81_920]) : null,
  totalMemoryMib: random.chance(0.3) ? range(random, [16_384, 81_920, 100_000, 655_360]) : null,
  computeCapability: random.chance(0.2)
    ? random.pick([
        [7, 5],
        [8, 0],
        [8, 6],
        [9, 0],
      ] as const)
    : null,
  vendors: random.chance(0.2) ? [random.pick(['nvidia', 'amd'] as const)] : null,
})

export const randomRequirements = (random: Random, offers: readonly Offer[]): Requirements =>
  someRequirements({
    cpu: range(random, [0, 0.5, 1, 2, 4, 8, 64]),
    memoryMib: range(random, [0, 512, 1000.5, 4096, 8192, 131_072]),
    diskMib: random.chance(0.4) ? range(random, [51_200, 102_400, 200_000]) : null,
    gpu: random.chance(0.6) ? gpuRequirement(random) : null,
    spot: random.chance(0.5) ? random.chance(0.5) : null,
    maxPriceNanoUsd: random.chance(0.4) ? random.int(1, 12) * 100_000_000 : null,
    backends: names(random, 0.3, [...backends, 'azure']),
    regions: names(random, 0.3, ['us-east-1', 'EU-WEST-1', 'europe-west4', 'mars', '']),
    instanceTypes: random.chance(0.15)
      ? [random.pick(offers).instanceType.name.toUpperCase(), random.pick(offers).instanceType.name]
      : null,
  })

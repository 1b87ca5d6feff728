/** Questions about costs at random, and offers of backends with and without facts. */
import type { Offer } from '#domain/offer'
import type { CostQuestion } from '#cost/total'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'
import type { Random } from '../random.ts'

const places = [
  ['aws', 'us-east-1'],
  ['aws', 'mars-1'],
  ['gcp', 'us-central1'],
  ['azure', 'eastus'],
  ['hyperstack', null],
  ['lambdalabs', null],
  ['digitalocean', null],
  ['scaleway', 'fr-par'],
  ['vastai', 'US'],
] as const

export const anyOffer = (random: Random, name = 'any'): Offer => {
  const [backend, region] = random.pick(places)
  const gpu = random.chance(0.6) ? aGpu({ memoryMib: random.pick([16, 24, 80]) * 1024 }) : null
  return anOffer({
    backend,
    region,
    spot: random.chance(0.4),
    stock: random.pick(['unknown', 'unknown', 'high', 'none']),
    priceNanoUsd: random.chance(0.1) ? null : random.int(1, 40) * 25_000_000 + random.int(0, 2),
    instanceType: anInstanceType({
      name,
      gpu,
      gpuCount: gpu ? random.pick([1, 2, 3, 8]) : 0,
      diskMib: random.chance(0.2) ? 512_000 : null,
    }),
  })
}

export const anyQuestion = (random: Random): CostQuestion => {
  const min = random.int(0, 3)
  return {
    diskMib: random.chance(0.7) ? random.pick([1, 1024, 102_400, 102_401, 1_048_576]) : null,
    durationSeconds: random.chance(0.7) ? random.pick([1, 59, 61, 600, 3601, 2_592_000]) : null,
    replicas: { min, max: min + random.int(0, 3) },
  }
}

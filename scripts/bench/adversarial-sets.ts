/** Requirement sets that no person would write: narrow, odd, contradictory, cut anywhere. */
import { mibPerGb } from '#domain/memory'
import { anything, atLeast, exactly, type Range } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import { type Random, seeded } from '../../test/random.ts'

export interface Names {
  readonly backends: readonly string[]
  readonly regions: readonly string[]
  readonly instanceTypes: readonly string[]
  readonly gpus: readonly string[]
}

export interface AdversarialSet {
  readonly requirements: Requirements
  readonly limit: number
}

export const adversarialSets = (names: Names, count: number): readonly AdversarialSet[] => {
  const random = seeded(99)
  return Array.from({ length: count }, () => ({
    requirements: requirementsOf(random, names),
    limit: random.pick([1, 3, 20, 50, 50, 100]),
  }))
}

/** Small numbers more often than large ones. */
const skewed = (random: Random, most: number): number =>
  Math.floor(random.next() * random.next() * most)

const odd = (random: Random, most: number, narrow: number): Range => {
  const from = skewed(random, most)
  return random.pick([
    atLeast(from),
    exactly(from),
    { min: from, max: from + narrow },
    { min: null, max: from + narrow },
    { min: from + narrow / 2, max: from + narrow / 2 + 1 },
  ])
}

const some = (random: Random, from: readonly string[], counts: readonly number[]): string[] =>
  Array.from({ length: random.pick(counts) }, () => random.pick(from))

const requirementsOf = (random: Random, names: Names): Requirements => ({
  cpu: random.chance(0.5) ? odd(random, 200, 3) : anything,
  memoryMib: random.chance(0.5) ? odd(random, 2000 * mibPerGb, 8 * mibPerGb) : anything,
  diskMib: random.chance(0.2) ? odd(random, 4000 * mibPerGb, 20 * mibPerGb) : null,
  gpu: random.chance(0.6) ? gpuOf(random, names) : null,
  spot: random.pick([null, true, false]),
  maxPriceNanoUsd: random.chance(0.25) ? Math.round(10 ** (random.next() * 5) * 100_000) : null,
  backends: random.chance(0.2) ? some(random, names.backends, [1, 2, 5]) : null,
  regions: random.chance(0.3) ? some(random, names.regions, [1, 1, 3, 10, 40]) : null,
  instanceTypes: random.chance(0.05) ? some(random, names.instanceTypes, [1, 3]) : null,
})

const gpuOf = (random: Random, names: Names): GpuRequirement => ({
  names: random.chance(0.3) ? some(random, names.gpus, [1, 2, 4]) : null,
  count: random.pick([
    atLeast(1),
    exactly(1),
    exactly(8),
    exactly(3),
    { min: 5, max: 7 },
    { min: 0, max: 2 },
    atLeast(12),
    exactly(0),
  ]),
  memoryMib: random.chance(0.2) ? odd(random, 200 * mibPerGb, mibPerGb) : null,
  totalMemoryMib: random.chance(0.2) ? odd(random, 1600 * mibPerGb, 10 * mibPerGb) : null,
  computeCapability: random.chance(0.15)
    ? random.pick([
        [7, 5],
        [8, 6],
        [9, 0],
        [10, 0],
      ])
    : null,
  vendors: random.chance(0.2) ? [random.pick(['nvidia', 'amd', 'google', 'intel'])] : null,
})

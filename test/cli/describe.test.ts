import { expect, test } from 'vitest'
import { describeGpu, describeNeeds, describePolicy, describeRange } from '#cli/describe'
import { printMemory } from '#domain/memory'
import { anything, atLeast, exactly } from '#domain/range'
import type { GpuRequirement, Requirements } from '#domain/requirements'

const open: Requirements = {
  cpu: atLeast(0),
  memoryMib: atLeast(0),
  diskMib: null,
  gpu: null,
  spot: null,
  maxPriceNanoUsd: null,
  backends: null,
  regions: null,
  instanceTypes: null,
}

const gpu: GpuRequirement = {
  names: null,
  vendors: null,
  count: exactly(1),
  memoryMib: null,
  totalMemoryMib: null,
  computeCapability: null,
}

test.each([
  [anything, null],
  [atLeast(0), null],
  [atLeast(2), '2..'],
  [exactly(4), '4'],
  [{ min: 1, max: 4 }, '1..4'],
  [{ min: null, max: 4 }, '..4'],
])('the range %j', (range, words) => {
  expect(describeRange(range)).toBe(words)
})

test('sizes carry their unit', () => {
  expect(describeRange({ min: 512, max: 2048 }, printMemory)).toBe('0.5GB..2GB')
})

test.each<[Partial<GpuRequirement>, string]>([
  [{}, '1×GPU'],
  [{ names: ['A100', 'H100'], memoryMib: exactly(81_920) }, '1×A100,H100 80GB'],
  [{ vendors: ['nvidia'], memoryMib: atLeast(24_576) }, '1×nvidia GPU 24GB..'],
  [{ count: { min: 1, max: 4 }, totalMemoryMib: atLeast(81_920) }, '1..4×GPU 80GB.. in total'],
  [{ count: atLeast(0), names: ['L4'] }, '0..×L4'],
  [{ count: exactly(0) }, 'no GPU'],
  [{ computeCapability: [8, 10] }, '1×GPU capability 8.10..'],
  [{ names: [] }, '1×GPU of no name (the list is empty)'],
])('the GPU demand %j', (demand, words) => {
  expect(describeGpu({ ...gpu, ...demand })).toBe(words)
})

test('open needs are said, no disk is not', () => {
  expect(describeNeeds(open)).toEqual(['any cpu', 'any memory'])
  expect(describeNeeds({ ...open, diskMib: atLeast(102_400) })).toContain('100GB.. disk')
})

test('every restriction of the policy is said', () => {
  expect(describePolicy(open, null)).toEqual([
    'spot or on-demand',
    'any price',
    'any backend',
    'any region',
  ])
  const narrow: Requirements = {
    ...open,
    spot: true,
    maxPriceNanoUsd: 1_500_000_000,
    backends: ['aws', 'gcp'],
    regions: [],
    instanceTypes: ['m5.xlarge'],
  }
  expect(describePolicy(narrow, 'cheap')).toEqual([
    'spot only',
    'at most $1.5/h',
    'aws, gcp',
    'no region (the list is empty)',
    'm5.xlarge',
    'profile cheap',
  ])
})

import { expect, test } from 'vitest'
import type { Requirements } from '#domain/requirements'
import { type Change, applyChanges } from '#why/changes'
import { filtersOf } from '#why/filters'
import { keyEdits, printGpu } from '#why/key-edits'
import { someRequirements } from '../builders.ts'

const gpu: NonNullable<Requirements['gpu']> = {
  names: ['A100'],
  vendors: null,
  count: { min: 2, max: 4 },
  memoryMib: { min: 81_920, max: null },
  totalMemoryMib: { min: 160 * 1024, max: null },
  computeCapability: [8, 0],
}

const asked = someRequirements({
  gpu,
  backends: ['aws'],
  regions: [],
  instanceTypes: ['m5.large'],
  spot: true,
  cpu: { min: 8, max: 16 },
  memoryMib: { min: 65_536, max: null },
  diskMib: { min: 102_400, max: null },
  maxPriceNanoUsd: 800_000_000,
})

const to: Readonly<Record<string, number>> = {
  'gpu-count-min': 1,
  'gpu-count-max': 8,
  'gpu-memory-min': 40_960,
  'gpu-total-memory-min': 9001,
  'gpu-capability': 7005,
  'cpu-min': 0,
  'memory-min': 7680,
  'max-price': 1_570_000_001,
}

test('every change has its key and its text', () => {
  const changes = filtersOf(asked, null).map((filter): Change => ({
    filter,
    to: to[filter.name] ?? null,
  }))
  const edits = keyEdits(changes, applyChanges(asked, changes))
  expect(edits.map(({ path, value }) => `${path.join('.')}: ${value ?? '(out)'}`)).toEqual([
    'resources.gpu.name: (out)',
    'resources.gpu.count: 1..8',
    'resources.gpu.memory: 40GB..',
    'resources.gpu.total_memory: 9001MB..',
    'resources.gpu.compute_capability: 7.5',
    'backends: (out)',
    'regions: (out)',
    'instance_types: (out)',
    'spot_policy: auto',
    'resources.cpu: 0..',
    'resources.memory: 7.5GB..',
    'resources.disk: null',
    'max_price: 1.570000001',
  ])
})

test('a whole demand is short where that says it all', () => {
  const short = { ...gpu, totalMemoryMib: null, computeCapability: null }
  expect(printGpu(short)).toBe('A100:80GB..:2..4')
  expect(printGpu({ ...short, names: ['A100', 'H100'] })).toBe('"A100,H100:80GB..:2..4"')
  expect(printGpu({ ...short, names: null, memoryMib: null, count: { min: 1, max: 1 } })).toBe('1')
  expect(printGpu({ ...short, names: ['A10-1/6'] })).toBe(
    '{name: ["A10-1/6"], count: 2..4, memory: 80GB..}',
  )
  expect(printGpu(gpu)).toBe(
    '{name: ["A100"], count: 2..4, memory: 80GB.., total_memory: 160GB.., compute_capability: 8.0}',
  )
})

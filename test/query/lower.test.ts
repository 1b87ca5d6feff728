import { expect, test } from 'vitest'
import { exactly } from '#domain/range'
import { lower } from '#query/lower'
import { someRequirements } from '../builders.ts'

test('what asks nothing gives no constraint', () => {
  const open = { min: null, max: null }
  expect(lower(someRequirements({ cpu: open, memoryMib: open, diskMib: open }))).toEqual([])
})

test('each demand gives its own; open ends stay open, sizes are whole', () => {
  const gpu = {
    names: ['A100'],
    count: exactly(2),
    memoryMib: { min: 40_960.4, max: null },
    totalMemoryMib: { min: null, max: 99.5 },
    computeCapability: null,
    vendors: null,
  }
  expect(
    lower(
      someRequirements({
        cpu: { min: 0.5, max: null },
        memoryMib: { min: null, max: 100.4 },
        diskMib: { min: 99.6, max: null },
        gpu,
        spot: false,
        maxPriceNanoUsd: 7,
        backends: ['aws'],
        regions: [],
        instanceTypes: ['m5.large'],
      }),
    ),
  ).toEqual([
    { kind: 'within', field: 'cpus', range: { min: 0.5, max: null } },
    { kind: 'within', field: 'memoryMib', range: { min: null, max: 100 } },
    { kind: 'within', field: 'diskMib', range: { min: 100, max: null } },
    { kind: 'price', maxNanoUsd: 7 },
    {
      kind: 'gpu',
      gpu: {
        ...gpu,
        memoryMib: { min: 40_960, max: null },
        totalMemoryMib: { min: null, max: 100 },
      },
    },
    { kind: 'spot', value: false },
    { kind: 'one-of', field: 'backend', names: ['aws'] },
    { kind: 'one-of', field: 'region', names: [] },
    { kind: 'one-of', field: 'instanceType', names: ['m5.large'] },
  ])
})

import { describe, expect, test } from 'vitest'
import type { Range } from '#domain/range'
import type { GpuRequirement } from '#domain/requirements'
import { admittedCounts } from '#query/admitted-counts'
import { aGpu } from '../builders.ts'

const gb = 1024
const a100 = aGpu()

const wanted = (over: Partial<GpuRequirement>): GpuRequirement => ({
  names: null,
  count: { min: null, max: null },
  memoryMib: null,
  totalMemoryMib: null,
  computeCapability: null,
  vendors: null,
  ...over,
})

const range = (min: number | null, max: number | null): Range => ({ min, max })

describe('admittedCounts', () => {
  test('asking nothing admits any count', () => {
    expect(admittedCounts(wanted({}), a100)).toEqual(range(null, null))
  })

  test('total memory is a count once the model is known, rounded inward', () => {
    const total = (min: number | null, max: number | null): GpuRequirement =>
      wanted({ totalMemoryMib: range(min, max) })
    expect(admittedCounts(total(161 * gb, 399 * gb), a100)).toEqual(range(3, 4))
    expect(admittedCounts(total(160 * gb, 400 * gb), a100)).toEqual(range(2, 5))
    expect(admittedCounts(total(161 * gb, 239 * gb), a100)).toBeNull()
    expect(admittedCounts(total(null, 79 * gb), a100)).toEqual(range(null, 0))
  })

  test('the narrower of count and total memory decides at each end', () => {
    const both = (count: Range, totalMemoryMib: Range): GpuRequirement =>
      wanted({ count, totalMemoryMib })
    const total = range(160 * gb, 400 * gb)
    expect(admittedCounts(both(range(1, 8), total), a100)).toEqual(range(2, 5))
    expect(admittedCounts(both(range(3, 4), total), a100)).toEqual(range(3, 4))
    expect(admittedCounts(both(range(6, null), total), a100)).toBeNull()
    expect(admittedCounts(both(range(5, 5), total), a100)).toEqual(range(5, 5))
  })

  test('a model of other memory, name, vendor or capability admits none', () => {
    expect(admittedCounts(wanted({ memoryMib: range(81 * gb, null) }), a100)).toBeNull()
    expect(admittedCounts(wanted({ names: ['A10', 'a100'] }), a100)).not.toBeNull()
    expect(admittedCounts(wanted({ names: ['A100'] }), a100)).not.toBeNull()
    expect(admittedCounts(wanted({ names: ['A10'] }), a100)).toBeNull()
    expect(admittedCounts(wanted({ vendors: ['amd', 'nvidia'] }), a100)).not.toBeNull()
    expect(admittedCounts(wanted({ vendors: ['amd'] }), a100)).toBeNull()
    expect(admittedCounts(wanted({ computeCapability: [8, 0] }), a100)).not.toBeNull()
    expect(admittedCounts(wanted({ computeCapability: [8, 1] }), a100)).toBeNull()
  })

  test('a count from 0 of a model is a count from 0 of it', () => {
    expect(admittedCounts(wanted({ count: range(0, 4) }), a100)).toEqual(range(0, 4))
  })

  test('a machine without accelerators has none, of no memory and no maker', () => {
    expect(admittedCounts(wanted({ count: range(0, 8), names: ['H100'] }), null)).toEqual(
      range(0, 0),
    )
    expect(admittedCounts(wanted({ count: range(1, null) }), null)).toBeNull()
    expect(admittedCounts(wanted({ count: range(null, 4) }), null)).toEqual(range(null, 0))
    expect(admittedCounts(wanted({ vendors: ['nvidia'] }), null)).toBeNull()
    expect(admittedCounts(wanted({ computeCapability: [1, 0] }), null)).toBeNull()
    expect(admittedCounts(wanted({ totalMemoryMib: range(1, null) }), null)).toBeNull()
    expect(admittedCounts(wanted({ totalMemoryMib: range(0, 5) }), null)).toEqual(range(null, 0))
  })
})

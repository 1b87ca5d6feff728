import { describe, expect, test } from 'vitest'
import type { Requirements } from '#domain/requirements'
import { unknownPrice } from '#catalog/tables'
import { type Dictionaries, type SearchBounds, toBounds } from '#query/bounds'
import { lower } from '#query/lower'
import { aGpu, someRequirements } from '../builders.ts'

const dictionaries: Dictionaries = {
  gpus: new Map([
    [0, null],
    [1, aGpu()],
    [2, aGpu({ name: 'T4', memoryMib: 16 * 1024, computeCapability: [7, 5] })],
  ]),
  backends: new Map([
    ['aws', 0],
    ['gcp', 2],
    ['Lab', 5],
    ['vastai', 40],
  ]),
  regionIds: (name) => (name.toLowerCase() === 'us-east-1' ? [7, 9] : []),
}

const boundsOf = (over: Partial<Requirements>): SearchBounds | null =>
  toBounds(lower(someRequirements(over)), dictionaries)

const anyMax = Number.MAX_SAFE_INTEGER

describe('toBounds', () => {
  test('what asks nothing admits everything', () => {
    expect(boundsOf({})).toEqual({
      cpuMilli: { min: 0, max: anyMax },
      memoryMib: { min: 0, max: anyMax },
      diskMib: { min: 0, max: anyMax },
      priceMax: unknownPrice,
      spot: { min: 0, max: 1 },
      gpuCounts: null,
      regionIds: null,
      backendMask: 1 + 4 + 32 + 2 ** 40,
      instanceTypes: null,
    })
  })

  test('vCPUs are thousandths, rounded inward', () => {
    expect(boundsOf({ cpu: { min: 0.2501, max: 1.9999 } })?.cpuMilli).toEqual({
      min: 251,
      max: 1999,
    })
    expect(boundsOf({ memoryMib: { min: 100.4, max: 200.6 } })?.memoryMib).toEqual({
      min: 100,
      max: 201,
    })
    expect(boundsOf({ diskMib: { min: null, max: 5 } })?.diskMib).toEqual({ min: 0, max: 5 })
  })

  test('binary fractions move no bound', () => {
    expect(boundsOf({ cpu: { min: 1.005, max: 1.005 } })?.cpuMilli).toEqual({
      min: 1005,
      max: 1005,
    })
    expect(boundsOf({ cpu: { min: 16.1, max: 16.1 } })?.cpuMilli).toEqual({
      min: 16_100,
      max: 16_100,
    })
  })

  test('a price limit never reaches the unknown', () => {
    expect(boundsOf({ maxPriceNanoUsd: 5.9 })?.priceMax).toBe(5)
    expect(boundsOf({ maxPriceNanoUsd: 2 ** 52 })?.priceMax).toBe(unknownPrice - 1)
  })

  test('spot only, on-demand only', () => {
    expect(boundsOf({ spot: true })?.spot).toEqual({ min: 1, max: 1 })
    expect(boundsOf({ spot: false })?.spot).toEqual({ min: 0, max: 0 })
  })

  test('backends by name, without case; none of them matches nothing', () => {
    expect(boundsOf({ backends: ['GCP', 'lab', 'vastai', 'nobody'] })?.backendMask).toBe(
      4 + 32 + 2 ** 40,
    )
    expect(boundsOf({ backends: ['nobody'] })).toBeNull()
    expect(boundsOf({ backends: [] })).toBeNull()
  })

  test('regions by name, each id once; none of them matches nothing', () => {
    const regions = ['us-east-1', 'US-EAST-1', 'mars']
    expect(boundsOf({ regions })?.regionIds).toEqual([7, 9])
    expect(boundsOf({ regions: ['mars'] })).toBeNull()
    expect(boundsOf({ regions: [] })).toBeNull()
  })

  test('instance types as they are; an empty list matches nothing', () => {
    expect(boundsOf({ instanceTypes: ['m5.large'] })?.instanceTypes).toEqual(['m5.large'])
    expect(boundsOf({ instanceTypes: [] })).toBeNull()
  })

  test('counts per model; models of which no number will do are left out', () => {
    const gpu = {
      names: null,
      count: { min: 1, max: null },
      memoryMib: { min: 20_000, max: null },
      totalMemoryMib: { min: 200 * 1024, max: null },
      computeCapability: null,
      vendors: null,
    }
    expect(boundsOf({ gpu })?.gpuCounts).toEqual(new Map([[1, { min: 3, max: anyMax }]]))
    expect(boundsOf({ gpu: { ...gpu, names: ['B200'] } })).toBeNull()
  })
})

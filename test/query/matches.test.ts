import { describe, expect, test } from 'vitest'
import type { Offer } from '#domain/offer'
import type { GpuRequirement, Requirements } from '#domain/requirements'
import { lower } from '#query/lower'
import { matches } from '#query/matches'
import { aGpu, anInstanceType, anOffer, someRequirements } from '../builders.ts'

const meets = (requirements: Partial<Requirements>, offer: Offer): boolean =>
  matches(lower(someRequirements(requirements)), offer)

const gpu = (over: Partial<GpuRequirement>): { gpu: GpuRequirement } => ({
  gpu: {
    names: null,
    count: { min: null, max: null },
    memoryMib: null,
    totalMemoryMib: null,
    computeCapability: null,
    vendors: null,
    ...over,
  },
})

const cpuMachine = anOffer()
const gpuMachine = anOffer({ instanceType: anInstanceType({ gpu: aGpu(), gpuCount: 2 }) })

describe('matches', () => {
  test('bounds are inclusive', () => {
    expect(meets({ cpu: { min: 2, max: 2 } }, cpuMachine)).toBe(true)
    expect(meets({ memoryMib: { min: 8193, max: null } }, cpuMachine)).toBe(false)
    expect(meets({ maxPriceNanoUsd: 96_000_000 }, cpuMachine)).toBe(true)
    expect(meets({ maxPriceNanoUsd: 95_999_999 }, cpuMachine)).toBe(false)
  })

  test('sizes compare as whole MiB', () => {
    expect(meets({ memoryMib: { min: 8192.4, max: null } }, cpuMachine)).toBe(true)
    expect(meets({ memoryMib: { min: 8192.6, max: null } }, cpuMachine)).toBe(false)
  })

  test('a disk of choice meets every demand, a fixed one its own', () => {
    const fixed = anOffer({ instanceType: anInstanceType({ diskMib: 102_400 }) })
    const demand = { diskMib: { min: 204_800, max: null } }
    expect(meets(demand, cpuMachine)).toBe(true)
    expect(meets(demand, fixed)).toBe(false)
  })

  test('an unknown price is under no limit', () => {
    const unknown = anOffer({ priceNanoUsd: null })
    expect(meets({ maxPriceNanoUsd: 10 ** 12 }, unknown)).toBe(false)
    expect(meets({}, unknown)).toBe(true)
  })

  test('names compare without case; an unknown region matches no list', () => {
    expect(meets({ regions: ['US-East-1'] }, cpuMachine)).toBe(true)
    expect(meets({ regions: ['', '?'] }, anOffer({ region: null }))).toBe(false)
    expect(meets({ instanceTypes: ['M5.LARGE'] }, cpuMachine)).toBe(true)
    expect(meets({ backends: [] }, cpuMachine)).toBe(false)
  })

  test('no demand on accelerators takes machines with and without', () => {
    expect([meets({}, cpuMachine), meets({}, gpuMachine)]).toEqual([true, true])
  })

  test('a count from 0 lets machines without accelerators through, whatever else is asked', () => {
    const demand = gpu({ count: { min: 0, max: 4 }, names: ['H100'], computeCapability: [9, 0] })
    expect([meets(demand, cpuMachine), meets(demand, gpuMachine)]).toEqual([true, false])
  })

  test('without a least count, a machine without accelerators has none, of no memory', () => {
    expect(meets(gpu({ memoryMib: { min: null, max: 24_576 } }), cpuMachine)).toBe(true)
    expect(meets(gpu({ memoryMib: { min: 1, max: null } }), cpuMachine)).toBe(false)
    expect(meets(gpu({ names: ['A100'] }), cpuMachine)).toBe(false)
  })

  test('total memory is that of all accelerators together', () => {
    expect(meets(gpu({ totalMemoryMib: { min: 163_840, max: null } }), gpuMachine)).toBe(true)
    expect(meets(gpu({ totalMemoryMib: { min: 163_841, max: null } }), gpuMachine)).toBe(false)
  })

  test('capability compares as a pair; none known meets none', () => {
    const with810 = anOffer({
      instanceType: anInstanceType({ gpu: aGpu({ computeCapability: [8, 10] }) }),
    })
    const unknown = anOffer({
      instanceType: anInstanceType({ gpu: aGpu({ computeCapability: null }) }),
    })
    expect(meets(gpu({ computeCapability: [8, 9] }), with810)).toBe(true)
    expect(meets(gpu({ computeCapability: [8, 9] }), gpuMachine)).toBe(false)
    expect(meets(gpu({ computeCapability: [1, 0] }), unknown)).toBe(false)
  })

  test('a slice of a card is not the card', () => {
    const slice = anOffer({ instanceType: anInstanceType({ gpu: aGpu({ name: 'A10-1/6' }) }) })
    expect(meets(gpu({ names: ['A10'] }), slice)).toBe(false)
    expect(meets(gpu({ names: ['a10-1/6'] }), slice)).toBe(true)
  })
})

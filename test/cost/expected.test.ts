import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { CatalogUnreadableError } from '#domain/errors'
import { expectedPrice, riskOf } from '#cost/expected'
import { interruptionBands, noBands, parseInterruption } from '#cost/interruption'
import { anInstanceType, anOffer } from '../builders.ts'

const csv = 'instance_type,region,band\nm5.large,us-east-1,5-10\np5.48xlarge,us-east-1,20-100\n'
const bandOf = parseInterruption(csv, 'interruption.csv')
const spot = anOffer({ spot: true, priceNanoUsd: 1_000_000_000 })

describe('bands', () => {
  test('a spot offer of a type and region that is listed, in any spelling of case', () => {
    expect(bandOf(spot)).toBe('5-10')
    expect(bandOf({ ...spot, region: 'US-EAST-1' })).toBe('5-10')
  })

  test.each([
    ['on-demand', anOffer()],
    ['another region', anOffer({ spot: true, region: 'eu-west-1' })],
    ['an unknown region', anOffer({ spot: true, region: null })],
    ['another backend', anOffer({ spot: true, backend: 'gcp' })],
    [
      'another type',
      anOffer({ spot: true, instanceType: anInstanceType({ name: 'm5.24xlarge' }) }),
    ],
  ])('none for %s', (_, offer) => {
    expect(bandOf(offer)).toBeNull()
  })

  test.each([
    ['another header', 'type,region\n'],
    ['a band that is none', 'instance_type,region,band\nm5.large,us-east-1,5\n'],
    ['a line cut short', 'instance_type,region,band\nm5.large\n'],
  ])('%s is refused', (_, text) => {
    expect(() => parseInterruption(text, 'f')).toThrow(CatalogUnreadableError)
  })
})

describe('risk is said, not assumed', () => {
  test.each([
    ['on-demand', anOffer(), bandOf, { kind: 'none' }],
    ['spot with a band', spot, bandOf, { kind: 'band', band: '5-10' }],
    ['spot without', spot, noBands, { kind: 'unknown' }],
  ])('%s', (_, offer, bands, risk) => {
    expect(riskOf(offer, bands)).toEqual(risk)
  })

  test('without a known risk or price nothing is expected', () => {
    expect(expectedPrice(spot, { kind: 'unknown' }, null)).toBeNull()
    expect(expectedPrice({ ...spot, priceNanoUsd: null }, { kind: 'none' }, null)).toBeNull()
  })
})

describe('expected, by hand: a dollar an hour', () => {
  test.each([
    // 0.075 interruptions a month lose 0.075 h of 730: 1 / (1 - 0.075/730).
    ['5-10', null, 1_000_102_751n],
    // Half of an 8 h run: 0.6 * 4 / 730.
    ['20-100', 8 * 3600, 1_003_298_516n],
    // Half of a month and no more: 1 / (1 - 0.6/2).
    ['20-100', 30 * 86_400, 1_420_233_464n],
    ['20-100', 90 * 86_400, 1_428_571_429n],
    ['0-5', 730 * 3600, 1_012_658_228n],
  ] as const)('%s, run of %s s', (band, duration, expected) => {
    expect(expectedPrice(spot, { kind: 'band', band }, duration)).toBe(expected)
  })

  test('on-demand machines cost what they cost', () => {
    expect(expectedPrice(spot, { kind: 'none' }, 3600)).toBe(1_000_000_000n)
  })

  test('grows with the band and with the run, from the price on', () => {
    for (const durationSeconds of [3600, 86_400, 2_592_000]) {
      const rising = interruptionBands.map(
        (band) => expectedPrice(spot, { kind: 'band', band }, durationSeconds) ?? 0n,
      )
      const steps = [1_000_000_000n, ...rising]
      expect(rising.every((amount, index) => amount > (steps[index] ?? 0n))).toBe(true)
    }
    for (const band of interruptionBands) {
      const [short = 0n, long = 0n] = [3600, 86_400].map(
        (durationSeconds) => expectedPrice(spot, { kind: 'band', band }, durationSeconds) ?? 0n,
      )
      expect(long > short).toBe(true)
    }
  })
})

test('the embedded bands', () => {
  const file = new URL('../../catalogs/aws/interruption.csv', import.meta.url)
  const text = readFileSync(file, 'utf8')
  expect(text.trimEnd().split('\n')).toHaveLength(1 + 14_962)
  const bands = parseInterruption(text, 'interruption.csv')
  const at = (name: string, region: string) =>
    bands(anOffer({ spot: true, region, instanceType: anInstanceType({ name }) }))
  expect(at('no.such', 'us-east-1')).toBeNull()
  expect(at('a1.2xlarge', 'ap-northeast-1')).toBe('20-100')
  expect(at('p5en.48xlarge', 'us-west-2')).not.toBeNull()
})

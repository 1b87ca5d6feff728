import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { expectedPrice, riskOf } from '#cost/expected'
import { bandOfRows, embeddedBandsSeenOn, noBands } from '#cost/interruption'
import { parseInterruption } from '#catalog/interruption-file'
import { interruptionBands } from '#domain/interruption'
import { anInstanceType, anOffer } from '../builders.ts'

const bandOf = bandOfRows([
  { instanceType: 'm5.large', region: 'us-east-1', band: '5-10' },
  { instanceType: 'p5.48xlarge', region: 'us-east-1', band: '20-100' },
])
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

const committed = (name: string): string =>
  readFileSync(new URL(`../../catalogs/${name}`, import.meta.url), 'utf8')

describe('the embedded bands', () => {
  test('are all those of their document', () => {
    const { rows } = parseInterruption(committed('aws/interruption.csv'), 'interruption.csv', '')
    expect(rows).toHaveLength(14_962)
    const bands = bandOfRows(rows)
    const at = (name: string, region: string) =>
      bands(anOffer({ spot: true, region, instanceType: anInstanceType({ name }) }))
    expect(at('no.such', 'us-east-1')).toBeNull()
    expect(at('a1.2xlarge', 'ap-northeast-1')).toBe('20-100')
    expect(at('p5en.48xlarge', 'us-west-2')).not.toBeNull()
  })

  test('are of the day of their document', () => {
    const manifest: unknown = JSON.parse(committed('manifest.json'))
    const document = {
      path: 'internal/spot/data/spot-advisor-data.json',
      observedOn: embeddedBandsSeenOn,
    }
    const inputs = expect.arrayContaining([expect.objectContaining(document)]) as unknown
    const backends = expect.arrayContaining([
      expect.objectContaining({ backend: 'aws', inputs }),
    ]) as unknown
    expect(manifest).toMatchObject({ backends })
  })
})

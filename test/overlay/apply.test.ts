import { describe, expect, test } from 'vitest'
import { applyOverlay, type Selector } from '#api/overlay'
import { aGpu, anInstanceType, anOffer } from '../builders.ts'
import { anOverlay, aRule, aSelector, file, today } from './builders.ts'

const halved = { kind: 'discount', microPercent: 50_000_000 } as const
const fixed = { kind: 'price', priceNanoUsd: 7 } as const
const exclude = { kind: 'exclude' } as const
const offer = anOffer({ priceNanoUsd: 1000 })

const applied = (rules: readonly Partial<ReturnType<typeof aRule>>[], to = offer, day = today) =>
  applyOverlay(
    to,
    anOverlay({
      rules: rules.map((rule, index) => aRule({ index, name: `rule-${index}`, ...rule })),
    }),
    day,
  )

const priceAfter = (...given: Parameters<typeof applied>): number | null | 'excluded' => {
  const result = applied(...given)
  return 'excluded' in result ? 'excluded' : result.offer.priceNanoUsd
}

test('an overlay without rules hands the offer back', () => {
  expect(applied([])).toEqual({ offer, steps: [] })
})

test('a step tells the rule, the price before and the price after', () => {
  expect(applied([{ action: halved }])).toEqual({
    offer: { ...offer, priceNanoUsd: 500 },
    steps: [{ file, rule: 'rule-0', action: halved, basePriceNanoUsd: 1000, priceNanoUsd: 500 }],
  })
  expect(applied([{ action: exclude }])).toEqual({
    excluded: { file, rule: 'rule-0', action: exclude, basePriceNanoUsd: 1000, priceNanoUsd: null },
  })
})

test('the heaviest rule alone decides, of equals the first', () => {
  expect(priceAfter([{ action: halved }, { action: fixed }])).toBe(500)
  expect(priceAfter([{ action: halved }, { action: fixed, weight: 1 }])).toBe(7)
  expect(priceAfter([{ action: exclude, weight: -1 }, { action: halved }])).toBe(500)
})

test('a rule holds through its last day', () => {
  const rules = [{ action: halved, expires: '2026-07-20' }]
  expect(priceAfter(rules, offer, '2026-07-20')).toBe(500)
  expect(priceAfter(rules, offer, '2026-07-21')).toBe(1000)
})

test('an expired rule leaves the offer to the next', () => {
  const rules = [{ action: exclude, weight: 9, expires: '2026-07-19' }, { action: fixed }]
  expect(priceAfter(rules)).toBe(7)
})

test('a discount on an unknown price says nothing; a price makes it known', () => {
  const unknown = anOffer({ priceNanoUsd: null })
  expect(applied([{ action: halved }], unknown)).toEqual({ offer: unknown, steps: [] })
  expect(priceAfter([{ action: fixed }], unknown)).toBe(7)
})

describe('what a selector selects', () => {
  const a100 = anOffer({
    backend: 'gcp',
    region: 'us-central1',
    spot: true,
    instanceType: anInstanceType({ name: 'a2-highgpu-1g', gpu: aGpu() }),
  })
  const selected = (over: Partial<Selector>, to = a100): boolean =>
    priceAfter([{ action: fixed, selector: aSelector(over) }], to) === 7

  test.each<Partial<Selector>>([
    {},
    { backends: ['aws', 'gcp'] },
    { regions: ['US-CENTRAL1'] },
    { instanceTypes: ['A2-HighGPU-1g'] },
    { instanceTypes: ['m5.large', 'A2-*'] },
    { instanceTypes: ['*'] },
    { gpus: ['a100'] },
    { spot: true },
    { backends: ['gcp'], regions: ['us-central1'], gpus: ['A100'], spot: true },
  ])('selects: %j', (over) => {
    expect(selected(over)).toBe(true)
  })

  test.each<Partial<Selector>>([
    { backends: ['aws'] },
    { backends: [] },
    { regions: ['us-central'] },
    { instanceTypes: ['a2-highgpu'] },
    { instanceTypes: ['highgpu*'] },
    { gpus: ['H100'] },
    { spot: false },
    { backends: ['gcp'], regions: ['us-east1'] },
  ])('does not select: %j', (over) => {
    expect(selected(over)).toBe(false)
  })

  test('no region and no GPU are in no list', () => {
    expect(selected({ regions: ['?'] }, anOffer({ region: null }))).toBe(false)
    expect(selected({ gpus: ['A100'] }, anOffer())).toBe(false)
    expect(selected({}, anOffer({ region: null }))).toBe(true)
  })
})

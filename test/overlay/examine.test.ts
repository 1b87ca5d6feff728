import { expect, test } from 'vitest'
import { ConfigurationError } from '#domain/errors'
import { examineOverlay, type OverlayFindings, type Overlay, applyOverlay } from '#api/overlay'
import { joinOverlays } from '#overlay/load'
import { someRequirements } from '../builders.ts'
import { someOffers } from '../generators.ts'
import { seeded } from '../random.ts'
import { file, nowMs, overlayOf, today, withCatalog } from './builders.ts'
import { randomOverlay } from './generators.ts'
import { anOffer } from '../builders.ts'

const offers = [
  anOffer({ priceNanoUsd: 1000 }),
  anOffer({ region: 'eu-west-1', priceNanoUsd: 2000 }),
  anOffer({ backend: 'gcp', region: 'us-central1', priceNanoUsd: null }),
]

const examined = (overlay: Overlay): OverlayFindings =>
  withCatalog(offers, (base) => examineOverlay(base, overlay, nowMs))

const told = ({ rules }: OverlayFindings): readonly string[] =>
  rules.map(({ rule, state, selected, decided }) => `${rule.name} ${state} ${selected} ${decided}`)

test('tells used rules from unused, shadowed and expired ones', () => {
  const findings = examined(
    overlayOf(`rules:
  - {name: all, selector: {backends: [aws]}, discount: 10%}
  - {name: heavy, selector: {regions: [eu-west-1]}, price: 1, weight: 1}
  - {name: late, selector: {regions: [eu-west-1]}, discount: 5%}
  - {name: nowhere, selector: {regions: [us-esat-1]}, discount: 5%}
  - {name: old, selector: {backends: [aws]}, exclude: true, weight: 9, expires: 2026-07-19}`),
  )
  expect(told(findings)).toEqual([
    'all used 2 1',
    'heavy used 1 1',
    'late shadowed 1 0',
    'nowhere unused 0 0',
    'old expired 0 0',
  ])
  expect(findings.conflicts).toEqual([])
  expect(findings.rules.map(({ unknown }) => unknown)).toEqual([
    [],
    [],
    [],
    [{ key: 'regions', name: 'us-esat-1', nearest: 'us-east-1' }],
    [],
  ])
})

test('names of every key are compared with the catalog, patterns too', () => {
  const { rules } = examined(
    overlayOf(`rules:
  - name: a
    selector: {backends: [aws, runpod], instance_types: ["m5.*", "M5.LARGE", "m6.*"], gpus: [H100]}
    discount: 1`),
  )
  expect(rules[0]?.unknown).toEqual([
    { key: 'backends', name: 'runpod', nearest: null },
    { key: 'instance_types', name: 'm6.*', nearest: null },
    { key: 'gpus', name: 'H100', nearest: null },
  ])
})

test('rules of one weight that disagree are in conflict, and the first decides', () => {
  const { conflicts } = examined(
    overlayOf(`rules:
  - {name: ten, selector: {backends: [aws]}, discount: 10%}
  - {name: one, selector: {regions: [us-east-1, eu-west-1]}, price: 0.0000009}
  - {name: same, selector: {backends: [aws]}, discount: 10%}
  - {name: none, selector: {regions: [eu-west-1]}, exclude: true}`),
  )
  // On us-east-1 a tenth off 1000 is what the second rule says outright.
  expect(
    conflicts.map(({ first, second, offers: count, example }) => [
      first.name,
      second.name,
      count,
      example,
    ]),
  ).toEqual([
    ['ten', 'one', 1, 'aws/eu-west-1/m5.large/on-demand'],
    ['ten', 'none', 1, 'aws/eu-west-1/m5.large/on-demand'],
  ])
})

test('discounts on an unknown price agree', () => {
  const { conflicts } = examined(
    overlayOf(`rules:
  - {name: a, selector: {backends: [gcp]}, discount: 10%}
  - {name: b, selector: {backends: [gcp]}, discount: 20%}`),
  )
  expect(conflicts).toEqual([])
})

const own = (region: string, fields = ''): string =>
  `offers: [{backend: aws, region: ${region}, instance_type: m5.large, cpu: 2, memory: 8GB, price: 1, ${fields}}]`

test('tells what own offers come to', () => {
  const overlay = joinOverlays([
    { file: 'a', text: own('us-east-1') },
    { file: 'b', text: own('US-EAST-1') },
    { file: 'c', text: own('us-east-1') },
    { file: 'd', text: own('mars', 'expires: 2026-07-19') },
  ])
  expect(examined(overlay).offers.map(({ offer, state }) => [offer.file, state])).toEqual([
    ['a', 'replaces'],
    ['b', 'added'],
    ['c', 'shadowed'],
    ['d', 'expired'],
  ])
})

test('a rule does not decide on an offer that an own one replaces', () => {
  const rule = 'rules: [{name: east, selector: {regions: [us-east-1]}, discount: 10%}]'
  expect(told(examined(overlayOf(`${rule}\n${own('us-east-1')}`)))).toEqual(['east shadowed 1 0'])
})

const errorOf = (work: () => unknown): ConfigurationError | null => {
  try {
    work()
    return null
  } catch (error) {
    if (error instanceof ConfigurationError) return error
    throw error
  }
}

test('an own offer that contradicts the catalog is located', () => {
  const text = `offers:\n  - backend: aws\n    instance_type: m5.large\n    cpu: 96\n    memory: 8GB\n    price: 1\n`
  const error = errorOf(() => examined(overlayOf(text)))
  expect(error?.file).toBe(file)
  expect(error?.problems).toEqual([
    {
      path: ['offers', 0, 'instance_type'],
      message: '"m5.large" of aws is another machine: 2 CPUs, 8GB, no GPU',
      hint: 'give it these figures, or a name of its own',
      position: { line: 3, column: 20, length: 8 },
    },
  ])
})

test('what is counted equals what applying gives, for any overlay', () => {
  const random = seeded(11)
  let [conflicts, deciding] = [0, 0]
  for (let index = 0; index < 60; index++) {
    const some = someOffers(random, random.int(1, 60))
    const overlay = { ...randomOverlay(random, some), offers: [] }
    withCatalog(some, (base) => {
      const findings = examineOverlay(base, overlay, nowMs)
      for (const { rule, selected, decided, state } of findings.rules) {
        const alone = { ...overlay, rules: [rule] }
        const touches = (one: ReturnType<typeof applyOverlay>): boolean =>
          'excluded' in one || one.steps.length > 0
        const all = base.first(someRequirements(), 0)
        const known = all.filter(({ priceNanoUsd }) => priceNanoUsd !== null)
        const touched = known.filter((offer) => touches(applyOverlay(offer, alone, today))).length
        const unknown = all.length - known.length
        expect(selected).toBeGreaterThanOrEqual(touched)
        expect(selected).toBeLessThanOrEqual(touched + unknown)
        expect(decided).toBeLessThanOrEqual(selected)
        if (state === 'used') deciding++
      }
      conflicts += findings.conflicts.length
    })
  }
  expect(deciding).toBeGreaterThan(60)
  expect(conflicts).toBeGreaterThan(20)
})

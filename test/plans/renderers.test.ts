import { expect, test } from 'vitest'
import { makePlan, verifyPlan, printPlan, toPlanDocument } from '#api/plans'
import { toPlanVerificationDocument } from '#cli/output/plan-document'
import { plainStyle } from '#cli/style'
import { printPlanDifferences } from '#cli/tables/plan-differences'
import { printPlanTable } from '#cli/tables/plan-table'
import { readConfiguration } from '#api/configuration'
import type { Offer } from '#domain/offer'
import { anOffer, someRequirements } from '../builders.ts'

const look = { style: plainStyle, width: null }
const nowMs = 1_784_592_000_000

/** A catalog of these offers, all of which match. */
const catalogOf = (offers: readonly Offer[], digest = 'a') => ({
  search: (_: unknown, { limit }: { limit: number }) => ({
    offers: offers.slice(0, limit || undefined),
    matched: offers.length,
  }),
  summary: () => ({
    digest: digest.repeat(64),
    backends: 1,
    offers: 1234,
    oldest: null,
  }),
})

const configuration = readConfiguration(
  'type: service\ncommands: [a]\nport: 80\nreplicas: 1..4\nscaling: {metric: rps, target: 1}\n',
  { file: 'a.dstack.yml' },
)

const planOf = (offers: readonly Offer[], limit = 2) =>
  makePlan(
    { configuration, requirements: someRequirements(), limit, toolVersion: '1.2.3' },
    catalogOf(offers),
  )

const offers = [
  anOffer({ region: 'cheap', priceNanoUsd: 820_000_000 }),
  anOffer({ region: 'dear', priceNanoUsd: 1_570_000_000, spot: true }),
  anOffer({ region: null, priceNanoUsd: null }),
]

test('a plan for a person', () => {
  const plan = planOf(offers)
  const { digest, configuration: asked } = toPlanDocument(plan)
  expect(printPlanTable(plan, look, nowMs).split('\n')).toEqual([
    `Plan     ${digest.slice(0, 8)} · configuration ${asked?.digest.slice(0, 8)} · catalog aaaaaaaa · dstack-offers 1.2.3`,
    'Needs    any cpu · any memory',
    'Policy   spot or on-demand · any price · any backend · any region',
    'Price    $0.82..1.57/h a replica · $0.82..6.28/h for replicas 1..4',
    '',
    '#  BACKEND  REGION  INSTANCE TYPE  RESOURCES  SPOT   $/H  AGE',
    '1  aws      cheap   m5.large       2cpu 8GB   -     0.82  24h',
    '2  aws      dear    m5.large       2cpu 8GB   spot  1.57  24h',
    '',
    '2 attempts, of 3 that match, of 1,234 offers.',
  ])
})

test('an unknown price is not counted, and said', () => {
  expect(printPlanTable(planOf(offers, 0), look, nowMs)).toContain(
    'Price    $0.82..1.57/h a replica · $0.82..6.28/h for replicas 1..4 · not counted: 1 offer of unknown price',
  )
  expect(printPlanTable(planOf(offers.slice(2)), look, nowMs)).toContain(
    'Price    unknown price a replica · not counted: 1 offer of unknown price',
  )
})

test('a plan of nothing has no table', () => {
  expect(printPlanTable(planOf([]), look, nowMs).split('\n').slice(-2)).toEqual([
    'Price    nothing to try',
    '0 attempts, of 0 that match, of 1,234 offers.',
  ])
})

const verified = (now: readonly Offer[], edit = (text: string) => text) =>
  verifyPlan(edit(printPlan(planOf(offers))), {
    file: 'plan.json',
    catalog: catalogOf(now, now === offers ? 'a' : 'b'),
    toolVersion: '1.2.3',
  })

test('a plan that holds', () => {
  const told = verified(offers)
  expect(printPlanDifferences(told, look)).toBe(
    `holds: plan ${told.digest.slice(0, 8)} is the same when derived again`,
  )
  expect(toPlanVerificationDocument(told)).toEqual({
    format_version: '1.0',
    kind: 'plan-verification',
    plan_digest: told.digest,
    holds: true,
    intact: true,
    canonical: true,
    differences: [],
  })
})

test('a plan that does not hold', () => {
  const [, second] = offers
  if (!second) throw new TypeError('no offers')
  const told = verified([second, anOffer({ region: 'other', priceNanoUsd: 2_000_000_000 })])
  const lines = printPlanDifferences(told, look).split('\n')
  expect(lines[0]).toBe(
    `does not hold: plan ${told.digest.slice(0, 8)}, ${told.differences.length} differences`,
  )
  expect(lines.slice(1, 5)).toEqual([
    '',
    'WHAT                                    PLANNED   NOW',
    'attempts[aws/cheap/m5.large/on-demand]  $0.82/h   -',
    'attempts[aws/other/m5.large/on-demand]  -         $2/h',
  ])
  expect(toPlanVerificationDocument(told).differences).toContainEqual({
    path: 'certificate.catalog_digest',
    change: 'changed',
    planned: 'a'.repeat(64),
    derived: 'b'.repeat(64),
  })
  expect(
    toPlanVerificationDocument(told).differences.map(({ path, change }) => `${change} ${path}`),
  ).toEqual(
    expect.arrayContaining([
      'removed attempts[aws/cheap/m5.large/on-demand]',
      'added attempts[aws/other/m5.large/on-demand]',
    ]),
  )
})

test('an edited and reformatted plan', () => {
  const told = verified(offers, (text) => ` ${text.replace('"0.82"', '"0.81"')}`)
  expect(printPlanDifferences(told, look).split('\n')).toEqual(
    expect.arrayContaining([
      'Edited: the plan does not have the digest that it states.',
      'Reformatted: the text is not in canonical form.',
    ]),
  )
})

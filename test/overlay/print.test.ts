import { expect, test } from 'vitest'
import { examineOverlay, overlaidCatalog, applyOverlay } from '#api/overlay'
import { joinOverlays } from '#overlay/load'
import {
  toFindingsDocument,
  toOverlayDocument,
  toStepsDocument,
} from '#cli/output/overlay-document'
import { colourStyle, plainStyle } from '#cli/style'
import { rowPrinter } from '#cli/tables/columns'
import { overlayWarnings, printOverlayTable } from '#cli/tables/overlay-findings'
import { overlayColumn, overlayLegend, overlaySign } from '#cli/tables/overlay-marks'
import { printOverlaySteps } from '#cli/tables/overlay-steps'
import { anOffer, someRequirements } from '../builders.ts'
import { file, nowMs, overlayOf, today, withCatalog } from './builders.ts'

const offers = [
  anOffer({ priceNanoUsd: 3_673_000_000 }),
  anOffer({ region: 'eu-west-1', priceNanoUsd: 2_000_000_000 }),
  anOffer({ backend: 'gcp', region: 'us-central1', priceNanoUsd: null }),
  anOffer({ backend: 'oci', region: 'phx', priceNanoUsd: 4_000_000_000 }),
]

const text = `rules:
  - {name: edp, selector: {backends: [aws]}, discount: 12.5%}
  - {name: gcp deal, selector: {backends: [gcp]}, price: 1.25}
  - {name: typo, selector: {regions: [us-esat-1]}, discount: 5%}
  - {name: late, selector: {regions: [eu-west-1]}, exclude: true}
  - {name: old, discount: 1%, expires: 2026-01-31}
offers:
  - {backend: ssh, region: office, instance_type: rack-1, cpu: 8, memory: 16GB, price: 0.5}
  - {backend: oci, region: phx, instance_type: m5.large, cpu: 2, memory: 8GB, price: 0.75}
  - {backend: ssh, instance_type: gone, cpu: 8, memory: 16GB, price: 0.5, expires: 2026-01-31}
`

const overlaid = <T>(
  run: (
    found: readonly ReturnType<typeof anOffer>[],
    catalog: ReturnType<typeof overlaidCatalog>,
  ) => T,
): T =>
  withCatalog(offers, (base, folder) => {
    const options = { environment: { DSTACK_OFFERS_HOME: folder }, nowMs }
    const catalog = overlaidCatalog(base, overlayOf(text), options)
    return run(catalog.first(someRequirements(), 0), catalog)
  })

test('a column marks what the overlay touched', () => {
  overlaid((found, catalog) => {
    const steps = catalog.stepsOf(found)
    const ids = { heading: 'ID', align: 'left', cells: found.map(({ id }) => id) } as const
    const print = rowPrinter([ids, overlayColumn(found, steps, plainStyle)])
    const lines = [-1, ...found.keys()].map(print)
    expect(lines.join('\n')).toMatchInlineSnapshot(`
      "ID                                  OVERLAY
      ssh/office/rack-1/on-demand         own
      oci/phx/m5.large/on-demand          own
      gcp/us-central1/m5.large/on-demand  gcp deal $1.25/h
      aws/eu-west-1/m5.large/on-demand    edp -12.5%
      aws/us-east-1/m5.large/on-demand    edp -12.5%"
    `)
    expect(found.map((offer) => overlaySign(offer, steps))).toEqual(['*', '*', '*', '*', '*'])
    expect(overlayLegend(found, steps)).toMatchInlineSnapshot(`
      [
        "* 2 offers: own offers of .dstack/prices.yml",
        "* 1 offer: gcp deal of .dstack/prices.yml: $1.25/h",
        "* 2 offers: edp of .dstack/prices.yml: -12.5%",
      ]
    `)
  })
})

test('what is not touched has no mark, no sign and no colour', () => {
  const untouched = [anOffer()]
  const column = overlayColumn(untouched, new Map(), colourStyle)
  expect(column.cells).toEqual(['-'])
  expect(column.paint?.('-', 0)).toBe('-')
  expect(overlayLegend(untouched, new Map())).toEqual([])
  expect(overlaySign(anOffer(), new Map())).toBe('')
})

test('steps tell the price before, the rule and the price after', () => {
  overlaid((found, catalog) => {
    const steps = catalog.stepsOf(found)
    const lines = found.flatMap(({ id }) => printOverlaySteps(steps.get(id) ?? []))
    expect(lines).toMatchInlineSnapshot(`
      [
        "own offer of .dstack/prices.yml",
        "own offer of .dstack/prices.yml, in place of $4/h in the catalog",
        "price unknown in the catalog, $1.25/h by rule "gcp deal" of .dstack/prices.yml",
        "$2/h in the catalog, -12.5% by rule "edp" of .dstack/prices.yml: $1.75/h",
        "$3.673/h in the catalog, -12.5% by rule "edp" of .dstack/prices.yml: $3.213875/h",
      ]
    `)
    expect(printOverlaySteps([])).toEqual([])
  })
  const rules = 'rules: [{name: none, selector: {backends: [aws]}, exclude: true}]'
  const gone = applyOverlay(anOffer(), overlayOf(rules), today)
  expect('excluded' in gone ? printOverlaySteps([gone.excluded]) : []).toEqual([
    'excluded by rule "none" of .dstack/prices.yml',
  ])
})

const findings = withCatalog(offers, (base) =>
  examineOverlay(
    base,
    joinOverlays([
      { file, text },
      {
        file: '~/.config/dstack-offers/prices.yml',
        text: 'rules: [{name: mine, selector: {backends: [aws]}, discount: 1%}]',
      },
    ]),
    nowMs,
  ),
)

test('warnings say what is likely a slip', () => {
  expect(overlayWarnings(findings).join('\n')).toMatchInlineSnapshot(`
    ".dstack/prices.yml: rule "typo" matches no offer (no "us-esat-1" in regions; nearest: us-east-1)
    .dstack/prices.yml: rule "late" never decides: others decide on the 1 offer it matches
    .dstack/prices.yml: rule "old" expired on 2026-01-31 and does nothing
    ~/.config/dstack-offers/prices.yml: rule "mine" never decides: others decide on the 2 offers it matches
    .dstack/prices.yml: rule "edp" and rule "late" disagree on 1 offer, such as aws/eu-west-1/m5.large/on-demand: the first decides; give one a weight
    .dstack/prices.yml: rule "edp" and rule "mine" of ~/.config/dstack-offers/prices.yml disagree on 2 offers, such as aws/eu-west-1/m5.large/on-demand: the first decides; give one a weight
    .dstack/prices.yml: offer "ssh/?/gone/on-demand" expired on 2026-01-31"
  `)
})

test('a table of every rule and own offer', () => {
  expect(printOverlayTable(findings, plainStyle).join('\n')).toMatchInlineSnapshot(`
    "OVERLAY                             RULE OR OFFER                  ACTION  MATCHES  DECIDES  STATE
    .dstack/prices.yml                  edp                            -12.5%        2        2  used
    .dstack/prices.yml                  gcp deal                      $1.25/h        1        1  used
    .dstack/prices.yml                  typo                              -5%        0        0  unused
    .dstack/prices.yml                  late                         excluded        1        0  shadowed
    .dstack/prices.yml                  old                               -1%        0        0  expired
    ~/.config/dstack-offers/prices.yml  mine                              -1%        2        0  shadowed
    .dstack/prices.yml                  ssh/office/rack-1/on-demand       own        -        -  added
    .dstack/prices.yml                  oci/phx/m5.large/on-demand        own        -        -  replaces
    .dstack/prices.yml                  ssh/?/gone/on-demand              own        -        -  expired"
  `)
})

test('text of foreign origin cannot steer a terminal', () => {
  const evil = overlayOf('rules: [{name: "a\\e[2J", selector: {backends: [aws]}, discount: 1%}]')
  const evilFindings = withCatalog(offers, (base) => examineOverlay(base, evil, nowMs))
  expect(printOverlayTable(evilFindings, plainStyle).join('')).not.toContain('\u001b')
  const applied = applyOverlay(anOffer(), evil, today)
  const steps = 'steps' in applied ? applied.steps : []
  const marked = new Map([[anOffer().id, steps]])
  const all = [
    ...printOverlaySteps(steps),
    ...overlayLegend([anOffer()], marked),
    ...overlayColumn([anOffer()], marked, plainStyle).cells,
  ]
  expect(all).toHaveLength(3)
  expect(all.join('')).not.toContain('\u001b')
})

test('documents: steps, overlay and findings', () => {
  overlaid((found, catalog) => {
    const steps = catalog.stepsOf(found)
    const documents = found.flatMap(({ id }) => toStepsDocument(steps.get(id) ?? []))
    expect(documents[0]).toEqual({
      file,
      rule: null,
      action: 'own',
      percent: null,
      base_price: { amount: null, currency: 'USD', per: 'instance_hour' },
      price: { amount: '0.5', currency: 'USD', per: 'instance_hour' },
    })
    expect(documents.find(({ percent }) => percent !== null)).toEqual({
      file,
      rule: 'edp',
      action: 'discount',
      percent: '12.5',
      base_price: { amount: '2', currency: 'USD', per: 'instance_hour' },
      price: { amount: '1.75', currency: 'USD', per: 'instance_hour' },
    })
    expect(toOverlayDocument(catalog)).toEqual({
      digest: catalog.overlayDigest,
      files: [file],
      rules: 5,
      offers: 3,
    })
  })
  const document = toFindingsDocument(findings)
  expect(document.rules[2]).toEqual({
    file,
    rule: 'typo',
    action: 'discount',
    percent: '5',
    price: null,
    expires: null,
    weight: 0,
    state: 'unused',
    matched: 0,
    decided: 0,
    unknown_names: [{ key: 'regions', name: 'us-esat-1', nearest: 'us-east-1' }],
  })
  expect(document.conflicts[0]).toEqual({
    first: { file, rule: 'edp' },
    second: { file, rule: 'late' },
    offers: 1,
    example: 'aws/eu-west-1/m5.large/on-demand',
  })
  expect(document.offers.map(({ id, state }) => [id, state])).toEqual([
    ['ssh/office/rack-1/on-demand', 'added'],
    ['oci/phx/m5.large/on-demand', 'replaces'],
    ['ssh/?/gone/on-demand', 'expired'],
  ])
})

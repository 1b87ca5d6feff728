import type { ComparedSide, Comparison, RequirementField } from '#api/groups'
import { describeGpu, describeRange } from '#cli/describe'
import type { Look } from '#cli/terminal'
import { flowParts, visible } from '#cli/text-width'
import { printMemory } from '#domain/memory'
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import type { Requirements } from '#domain/requirements'
import { type Column, columnsWidth, rowPrinter } from './columns.ts'
import { gpuModelCell, printPriceRanges } from './group-cells.ts'
import { printCounted } from './numbers.ts'
import { gpuCell, regionCell, resourcesCell } from './offer-cells.ts'
import { printPrices } from './price-column.ts'

/** What it is about, and what each side says of it: one part or several. */
interface Row {
  readonly label: string
  readonly sides: readonly (readonly string[])[]
}

const listed = (names: readonly string[] | null): string => {
  if (names === null) return 'any'
  return names.length === 0 ? 'none (the list is empty)' : names.map(visible).join(', ')
}

const describers: Record<RequirementField, readonly [string, (asked: Requirements) => string]> = {
  cpu: ['cpu', ({ cpu }) => describeRange(cpu) ?? 'any'],
  memoryMib: ['memory', ({ memoryMib }) => describeRange(memoryMib, printMemory) ?? 'any'],
  diskMib: [
    'disk',
    ({ diskMib }) => (diskMib === null ? null : describeRange(diskMib, printMemory)) ?? 'any',
  ],
  gpu: ['gpu', ({ gpu }) => (gpu === null ? 'any' : describeGpu(gpu))],
  spot: ['spot', ({ spot }) => (spot === null ? 'either' : spot ? 'spot only' : 'on-demand only')],
  maxPriceNanoUsd: [
    'max price',
    ({ maxPriceNanoUsd: most }) => (most === null ? 'any' : `$${printUsd(most)}/h`),
  ],
  backends: ['backends', ({ backends }) => listed(backends)],
  regions: ['regions', ({ regions }) => listed(regions)],
  instanceTypes: ['instance types', ({ instanceTypes }) => listed(instanceTypes)],
}

const rowOf = (
  label: string,
  sides: readonly ComparedSide[],
  print: (side: ComparedSide) => string,
): Row => ({ label, sides: sides.map((side) => [print(side)]) })

const rowOfTexts = (label: string, texts: readonly string[]): Row => ({
  label,
  sides: texts.map((text) => [text]),
})

const offerParts = (offer: Offer | undefined, price: string): readonly string[] =>
  offer === undefined
    ? ['-']
    : [
        `${price} $/h`,
        `${visible(offer.backend)} ${regionCell(offer)}${offer.spot ? ' spot' : ''}`,
        visible(offer.instanceType.name),
        offer.instanceType.gpu === null
          ? resourcesCell(offer.instanceType)
          : gpuCell(offer.instanceType),
      ]

const answerRows = ({ sides }: Comparison): readonly Row[] => {
  const prices = printPriceRanges(
    sides.map(({ totals }) => totals.price),
    (side) => sides[side]?.matched === 0,
  )
  const perGpu = printPriceRanges(
    sides.map(({ totals }) => totals.perGpu),
    (side) => sides[side]?.totals.perGpu === null,
  )
  const first = printPrices(sides.map(({ cheapest }) => cheapest[0]?.priceNanoUsd ?? null))
  return [
    rowOf('offers', sides, ({ matched }) => printCounted(matched, 'offer')),
    rowOfTexts('$/h', prices),
    rowOfTexts('$/GPU-h', perGpu),
    {
      label: 'cheapest',
      sides: sides.map(({ cheapest }, side) => offerParts(cheapest[0], first[side] ?? '?')),
    },
  ]
}

/** From what price per accelerator each side gets each model. */
const gpuRows = ({ gpus, sides }: Comparison): readonly Row[] => {
  const withGpu = gpus.filter(({ gpu }) => gpu !== null)
  const groups = withGpu.flatMap((one) => one.sides)
  const prices = printPrices(groups.map((group) => group?.backends[0]?.fromNanoUsd ?? null))
  const texts = groups.map((group, at) => (group === null ? '-' : (prices[at] ?? '?')))
  return withGpu.map(({ gpu }, row) =>
    rowOfTexts(gpuModelCell(gpu), texts.slice(row * sides.length, (row + 1) * sides.length)),
  )
}

const requirementRows = ({ sides, differing }: Comparison): readonly Row[] =>
  differing.map((field) => {
    const [label, describe] = describers[field]
    return rowOf(label, sides, ({ requirements }) => describe(requirements))
  })

const sections = (comparison: Comparison): readonly (readonly [string, readonly Row[]])[] => [
  ['Asked differently', requirementRows(comparison)],
  ['Answer', answerRows(comparison)],
  ['From $/GPU-h', gpuRows(comparison)],
]

/** A row as lines of cells, one part a line. */
const cellsOf = ({ label, sides }: Row): readonly (readonly string[])[] =>
  Array.from({ length: Math.max(1, ...sides.map((parts) => parts.length)) }, (_, line) => [
    line === 0 ? `  ${label}` : '',
    ...sides.map((parts) => parts[line] ?? ''),
  ])

/** One column a side; null where the width is short of that. */
const besidePrinter = (
  rows: readonly Row[],
  width: number | null,
): ((row: Row) => readonly string[]) | null => {
  const lines = rows.flatMap(cellsOf)
  const columns = (lines[0] ?? []).map((_, index): Column => ({
    heading: '',
    align: 'left',
    cells: lines.map((cells) => cells[index] ?? ''),
  }))
  if (width !== null && columnsWidth(columns) > width) return null
  const print = rowPrinter(columns)
  const starts = new Map<Row, number>()
  let line = 0
  for (const row of rows) {
    starts.set(row, line)
    line += cellsOf(row).length
  }
  return (row) => cellsOf(row).map((_, index) => print((starts.get(row) ?? 0) + index))
}

/** The label, and below it a line a side. */
const belowPrinter =
  (names: readonly string[], width: number | null) =>
  ({ label, sides }: Row): readonly string[] => [
    `  ${label}`,
    ...sides.map((parts, side) => {
      const [first = '', ...rest] = parts
      return `    ${flowParts([`${names[side] ?? ''}: ${first}`, ...rest], { indent: 6, width })}`
    }),
  ]

const commonLine = ({ common }: Comparison, width: number | null): string => {
  if (common === null) return 'No offer will do for all of them.'
  const price = common.priceNanoUsd === null ? '?' : `$${printUsd(common.priceNanoUsd)}/h`
  return flowParts(['Cheapest that will do for all', visible(common.id), price], {
    indent: 2,
    width,
  })
}

/** What is asked differently, the answers, the prices of GPUs, and what would do for all. */
export const printComparison = (comparison: Comparison, { style, width }: Look): string => {
  const shown = sections(comparison).filter(([, rows]) => rows.length > 0)
  const names = comparison.sides.map(({ label }) => visible(label))
  const heading = rowOfTexts('', names)
  const beside = besidePrinter([heading, ...shown.flatMap(([, rows]) => rows)], width)
  const print = beside ?? belowPrinter(names, width)
  return [
    ...(beside === null ? [] : beside(heading).map(style.bold)),
    ...shown.flatMap(([title, rows]) => [style.bold(title), ...rows.flatMap(print)]),
    ...(comparison.differing.length === 0 ? ['All ask the same.'] : []),
    commonLine(comparison, width),
  ]
    .flatMap((text) => text.split('\n'))
    .map((line) => line.trimEnd())
    .join('\n')
}

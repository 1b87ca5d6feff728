import Table from 'cli-table3'
import type { OffersAnswer } from '#cli/answer'
import { ageMs, isStale, printAgeMarked } from '#cli/age'
import type { Style } from '#cli/style'
import { visible } from '#cli/text-width'
import type { Column } from './columns.ts'
import { diskCell, gpuCell, regionCell, spotCell } from './offer-cells.ts'
import { printSize } from './numbers.ts'
import { printPrices } from './price-column.ts'

/** Text columns parted by two blanks, without borders. */
const borderless = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  },
  style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
}

type Alignment = 'left' | 'right'

/** Headings in capitals; each names its alignment. */
export const printWideTable = (
  columns: readonly (readonly [heading: string, alignment: Alignment])[],
  rows: readonly (readonly string[])[],
  style: Style,
): string => {
  const table = new Table({
    ...borderless,
    head: columns.map(([heading]) => style.bold(heading)),
    colAligns: columns.map(([, alignment]) => alignment),
  })
  for (const row of rows) table.push([...row])
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

const offerColumns: readonly (readonly [string, Alignment])[] = [
  ['#', 'right'],
  ['BACKEND', 'left'],
  ['REGION', 'left'],
  ['INSTANCE TYPE', 'left'],
  ['CPUS', 'right'],
  ['MEMORY', 'right'],
  ['GPU', 'left'],
  ['DISK', 'right'],
  ['ARCH', 'left'],
  ['SPOT', 'left'],
  ['$/H', 'right'],
  ['STOCK', 'left'],
  ['AGE', 'left'],
  ['SOURCE', 'left'],
]

/** Every column, whatever the width of the terminal; `extra` ones come before the source. */
export const printWideOffers = (
  { offers, nowMs }: Pick<OffersAnswer, 'offers' | 'nowMs'>,
  extra: readonly Column[],
  style: Style,
): string => {
  const prices = printPrices(offers.map((offer) => offer.priceNanoUsd))
  const rows = offers.map((offer, index) => {
    const age = ageMs(offer.observation.observedAt, nowMs)
    return [
      String(index + 1),
      visible(offer.backend),
      regionCell(offer),
      visible(offer.instanceType.name),
      String(offer.instanceType.cpus),
      printSize(offer.instanceType.memoryMib),
      gpuCell(offer.instanceType),
      diskCell(offer.instanceType),
      offer.instanceType.architecture ?? '?',
      offer.spot ? style.green(spotCell(offer)) : spotCell(offer),
      style.bold(prices[index] ?? '?'),
      offer.stock,
      isStale(age) ? style.yellow(printAgeMarked(age)) : printAgeMarked(age),
      ...extra.map(({ cells, paint }) => {
        const cell = cells[index] ?? ''
        return paint === undefined ? cell : paint(cell, index)
      }),
      visible(offer.observation.source),
    ]
  })
  const last = offerColumns.length - 1
  const columns = [
    ...offerColumns.slice(0, last),
    ...extra.map(({ heading, align }) => [heading, align] as const),
    ...offerColumns.slice(last),
  ]
  return printWideTable(columns, rows, style)
}

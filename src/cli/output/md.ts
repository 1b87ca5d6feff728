import type { Offer } from '#domain/offer'
import { ageMs, printAgeMarked } from '#cli/age'
import type { Column } from '#cli/tables/columns'
import { gpuCell, regionCell, resourcesCell, spotCell } from '#cli/tables/offer-cells'
import { printPrices } from '#cli/tables/price-column'
import { visible } from '#cli/text-width'

const headings = [
  '#',
  'Backend',
  'Region',
  'Instance type',
  'Resources',
  'GPU',
  'Spot',
  '$/h',
  'Age',
]
const alignments = ['--:', '---', '---', '---', '---', '---', '---', '--:', '---']

const escape = (cell: string): string => visible(cell).replaceAll(/[\\|`*_<>[\]]/g, '\\$&')

const printRow = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`

const capitalised = (heading: string): string =>
  heading.slice(0, 1) + heading.slice(1).toLowerCase()

/** A table as GitHub and most readers of Markdown draw it. */
export const printMarkdown = (
  offers: readonly Offer[],
  nowMs: number,
  extra: readonly Column[] = [],
): string => {
  const prices = printPrices(offers.map((offer) => offer.priceNanoUsd))
  const rows = offers.map((offer, index) => [
    String(index + 1),
    offer.backend,
    regionCell(offer),
    offer.instanceType.name,
    resourcesCell(offer.instanceType),
    gpuCell(offer.instanceType),
    spotCell(offer),
    prices[index] ?? '?',
    printAgeMarked(ageMs(offer.observation.observedAt, nowMs)),
    ...extra.map(({ cells }) => cells[index] ?? ''),
  ])
  const heads = [...headings, ...extra.map(({ heading }) => capitalised(heading))]
  const aligned = [...alignments, ...extra.map(({ align }) => (align === 'right' ? '--:' : '---'))]
  return [heads, aligned, ...rows.map((row) => row.map(escape))].map(printRow).join('')
}

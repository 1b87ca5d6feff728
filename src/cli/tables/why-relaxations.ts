import type { Relaxation, Why } from '#api/why'
import type { Style } from '#cli/style'
import { type Column, columnsWidth, rowPrinter } from './columns.ts'
import { printCount, printCounted } from './numbers.ts'
import { offerInALine } from './why-waterfall.ts'
import { describeChanges } from './why-words.ts'

interface RelaxationsOptions {
  readonly style: Style
  readonly width: number | null
}

const changesOf = ({ changes }: Relaxation): string => describeChanges(changes)

/** `6 offers`, or `12 more` where some match already. */
const gainOf = ({ offers, added }: Relaxation): string =>
  added === offers ? printCounted(offers, 'offer') : `${printCount(added)} more`

/** A numbered line for each relaxation: what to change, what it gives, the first offer it gives. */
export const printRelaxations = (why: Why, { style, width }: RelaxationsOptions): string => {
  const { relaxations } = why
  if (relaxations.length === 0) return 'No change of three filters or fewer gives an offer.'
  const columns: readonly Column[] = [
    {
      heading: '',
      align: 'right',
      cells: relaxations.map((_, row) => `${row + 1}.`),
      paint: style.bold,
    },
    { heading: '', align: 'left', cells: relaxations.map(changesOf) },
    { heading: '', align: 'right', cells: relaxations.map(gainOf) },
    {
      heading: '',
      align: 'left',
      cells: relaxations.map((one) => offerInALine(one.cheapestAdded)),
    },
  ]
  const lines =
    width === null || columnsWidth(columns) <= width
      ? relaxations.map((_, row) => rowPrinter(columns)(row))
      : relaxations.map((one, row) => stacked(one, row, style))
  const hidden = why.relaxationsFound - relaxations.length
  return [
    style.bold(`Smallest changes that give ${why.matched === 0 ? 'an offer' : 'more offers'}:`),
    ...lines.map((line) => line.trimEnd()),
    ...(hidden > 0 ? [style.dim(`and ${printCounted(hidden, 'way')} more`)] : []),
  ].join('\n')
}

const stacked = (one: Relaxation, row: number, style: Style): string =>
  [
    `${style.bold(`${row + 1}.`)} ${changesOf(one)}`,
    `   ${gainOf(one)}: ${offerInALine(one.cheapestAdded)}`,
  ].join('\n')

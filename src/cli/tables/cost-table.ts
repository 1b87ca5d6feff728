import type { Ranking } from '#api/cost'
import type { Style } from '#cli/style'
import { visible } from '#cli/text-width'
import { type Column, columnsWidth, rowPrinter } from './columns.ts'
import { costColumns, keyColumns } from './cost-columns.ts'
import { gpuCell, regionCell, spotCell } from './offer-cells.ts'

/**
 * Ranked offers with what they cost, a line each. Where the width is short, the region is left out,
 * then the accelerator, then the parts of the total; then an offer takes two lines. Instance type and
 * total never are left out.
 */
export const printCostTable = (
  ranking: Ranking,
  {
    width,
    style,
    signs = null,
  }: {
    readonly width: number | null
    readonly style: Style
    /** A sign after the instance type of each offer, which is never left out. */
    readonly signs?: readonly string[] | null
  },
): readonly string[] => {
  const names = nameColumns(ranking, signs ?? [])
  const amounts = [...costColumns(ranking), ...keyColumns(ranking)]
  const columns = fitting(names, amounts, width)
  const lines = (some: readonly Column[]) => {
    const print = rowPrinter(some)
    return [style.bold(print(-1)), ...ranking.offers.map((_, row) => print(row))]
  }
  if (columns !== null) return lines(columns).map((line) => line.trimEnd())
  const [above, below] = [lines(firstOfTwo(names, width)), lines(secondOfTwo(amounts, width))]
  return above.flatMap((line, row) => [line.trimEnd(), `${indent}${below[row] ?? ''}`.trimEnd()])
}

interface NameColumns {
  readonly rank: Column
  readonly backend: Column
  readonly region: Column
  readonly instanceType: Column
  readonly gpu: Column
  readonly spot: Column
}

const nameColumns = ({ offers }: Ranking, signs: readonly string[]): NameColumns => {
  const left = (heading: string, cells: readonly string[]): Column => ({
    heading,
    align: 'left',
    cells,
  })
  return {
    rank: { heading: '#', align: 'right', cells: offers.map((_, index) => String(index + 1)) },
    backend: left(
      'BACKEND',
      offers.map(({ offer }) => visible(offer.backend)),
    ),
    region: left(
      'REGION',
      offers.map(({ offer }) => regionCell(offer)),
    ),
    instanceType: left(
      'INSTANCE TYPE',
      offers.map(({ offer }, row) => visible(offer.instanceType.name) + (signs[row] ?? '').trim()),
    ),
    gpu: left(
      'GPU',
      offers.map(({ offer }) => gpuCell(offer.instanceType)),
    ),
    spot: left(
      'SPOT',
      offers.map(({ offer }) => spotCell(offer)),
    ),
  }
}

const fitting = (
  { rank, backend, region, instanceType, gpu, spot }: NameColumns,
  amounts: readonly Column[],
  width: number | null,
): readonly Column[] | null => {
  const gpus = gpu.cells.every((cell) => cell === '-') ? [] : [gpu]
  const short = [rank, backend, instanceType, spot]
  const choices = [
    [rank, backend, region, instanceType, ...gpus, spot, ...amounts],
    [rank, backend, instanceType, ...gpus, spot, ...amounts],
    [...short, ...amounts],
    [...short, ...without(amounts, ['DISK $/H', 'ALL $/H'])],
    [...short, ...without(amounts, ['DISK $/H', 'ALL $/H', '$/H', 'INTERRUPTED'])],
  ]
  return choices.find((columns) => fits(columns, width)) ?? null
}

const fits = (columns: readonly Column[], width: number | null): boolean =>
  width === null || columnsWidth(columns) <= width

const indent = '   '

/** Where one line is too short: who sells what, and below it the amounts. */
const firstOfTwo = (
  { rank, backend, region, instanceType, gpu, spot }: NameColumns,
  width: number | null,
): readonly Column[] => {
  const whole = [rank, backend, region, instanceType, gpu, spot]
  const choices = [whole, without(whole, ['REGION']), without(whole, ['REGION', 'GPU'])]
  return choices.find((columns) => fits(columns, width)) ?? [rank, instanceType]
}

const secondOfTwo = (amounts: readonly Column[], width: number | null): readonly Column[] => {
  const room = width === null ? null : width - indent.length
  const spare = ['$/H', 'DISK $/H', 'ALL $/H', 'INTERRUPTED', 'ALL $/MONTH', 'FIT', '$/RUN']
  const choices = spare.map((_, count) => without(amounts, spare.slice(0, count)))
  return choices.find((columns) => fits(columns, room)) ?? without(amounts, spare)
}

const without = (columns: readonly Column[], headings: readonly string[]): readonly Column[] =>
  columns.filter(({ heading }) => !headings.includes(heading))

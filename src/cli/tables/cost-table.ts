import type { Ranking } from '#api/cost'
import type { Style } from '#cli/style'
import { visible } from '#cli/text-width'
import { type Column, columnsWidth, rowPrinter } from './columns.ts'
import { costColumns, keyColumns } from './cost-columns.ts'
import { gpuCell, regionCell, spotCell } from './offer-cells.ts'

/**
 * Ranked offers with what they cost, a line each. Where the width is short, the region is left out,
 * then the accelerator, then the parts of the total; instance type and totals never are.
 */
export const printCostTable = (
  ranking: Ranking,
  { width, style }: { readonly width: number | null; readonly style: Style },
): readonly string[] => {
  const columns = fitting(
    nameColumns(ranking),
    [...costColumns(ranking), ...keyColumns(ranking)],
    width,
  )
  const print = rowPrinter(columns)
  return [style.bold(print(-1)), ...ranking.offers.map((_, row) => print(row))].map((line) =>
    line.trimEnd(),
  )
}

interface NameColumns {
  readonly rank: Column
  readonly backend: Column
  readonly region: Column
  readonly instanceType: Column
  readonly gpu: Column
  readonly spot: Column
}

const nameColumns = ({ offers }: Ranking): NameColumns => {
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
      offers.map(({ offer }) => visible(offer.instanceType.name)),
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
): readonly Column[] => {
  const gpus = gpu.cells.every((cell) => cell === '-') ? [] : [gpu]
  const short = [rank, backend, instanceType, spot]
  const choices = [
    [rank, backend, region, instanceType, ...gpus, spot, ...amounts],
    [rank, backend, instanceType, ...gpus, spot, ...amounts],
    [...short, ...amounts],
    [...short, ...without(amounts, ['DISK $/H', 'ALL $/H'])],
    [...short, ...without(amounts, ['DISK $/H', 'ALL $/H', '$/H', 'INTERRUPTED'])],
  ]
  const fits = (columns: readonly Column[]): boolean =>
    width === null || columnsWidth(columns) <= width
  return choices.find(fits) ?? choices.at(-1) ?? []
}

const without = (columns: readonly Column[], headings: readonly string[]): readonly Column[] =>
  columns.filter(({ heading }) => !headings.includes(heading))

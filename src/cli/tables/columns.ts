import { padEnd, padStart, textWidth } from '#cli/text-width'

/** A column of a table without borders. `paint` styles a padded cell; it must not change its width. */
export interface Column {
  readonly heading: string
  readonly align: 'left' | 'right'
  readonly cells: readonly string[]
  readonly paint?: ((text: string, row: number) => string) | undefined
}

const gap = '  '

export const columnWidth = (column: Column): number => {
  let width = textWidth(column.heading)
  for (const cell of column.cells) width = Math.max(width, textWidth(cell))
  return width
}

export const columnsWidth = (columns: readonly Column[]): number =>
  columns.reduce((sum, column) => sum + columnWidth(column), gap.length * (columns.length - 1))

/** The heading (`row` -1) or a row, for each of the given columns. Nothing is cut. */
export const rowPrinter = (columns: readonly Column[]): ((row: number) => string) => {
  const widths = columns.map(columnWidth)
  const printCell = (column: Column, index: number, row: number): string => {
    const text = row < 0 ? column.heading : (column.cells[row] ?? '')
    const width = widths[index] ?? 0
    const last = index === columns.length - 1
    const padded =
      column.align === 'right' ? padStart(text, width) : last ? text : padEnd(text, width)
    return row < 0 || column.paint === undefined ? padded : column.paint(padded, row)
  }
  return (row) => columns.map((column, index) => printCell(column, index, row)).join(gap)
}

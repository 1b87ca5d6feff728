import type { Offer } from '#domain/offer'
import { ageMs, isStale, printAge } from '#cli/age'
import type { Style } from '#cli/style'
import { cutText, flowParts } from '#cli/text-width'
import { columnWidth, columnsWidth, rowPrinter, type Column } from './columns.ts'
import { printCount, printCounted } from './numbers.ts'
import { inOrder, toColumns, type OfferColumns } from './offer-columns.ts'

export interface OffersTableOptions {
  readonly nowMs: number
  /** Null for no limit. */
  readonly width: number | null
  readonly style: Style
  /** A sign after the price of each offer, all of one width; null for none. */
  readonly signs?: readonly string[] | null
}

const leastRegionWidth = 9

const cutColumn = (column: Column, width: number): Column => ({
  ...column,
  cells: column.cells.map((cell) => cutText(cell, width)),
})

/** The columns that fit on one line an offer, or null. Price and instance type are never cut. */
const fitOneLine = (columns: OfferColumns, all: readonly Column[], width: number | null) => {
  const withoutAge = all.filter((column) => column !== columns.age)
  const withoutResources = withoutAge.filter((column) => column !== columns.resources)
  const fits = (some: readonly Column[]): boolean => width === null || columnsWidth(some) <= width
  const whole = [all, withoutAge, withoutResources].find(fits)
  if (whole !== undefined || width === null) return whole ?? all
  const regionWidth = columnWidth(columns.region) - (columnsWidth(withoutResources) - width)
  if (regionWidth < leastRegionWidth) return null
  return withoutResources.map((column) =>
    column === columns.region ? cutColumn(column, regionWidth) : column,
  )
}

const onelineLines = (columns: readonly Column[], rows: number, style: Style) => {
  const print = rowPrinter(columns)
  return [style.bold(print(-1)), ...Array.from({ length: rows }, (_, row) => print(row))]
}

/** The second line of an offer: aligned columns, with the resources too where all have room. */
const belowPrinter = (
  columns: readonly Column[],
  resources: Column,
  { indent, width }: { indent: number; width: number },
): ((row: number) => string) => {
  const aligned = [[...columns, resources], columns].find(
    (some) => indent + columnsWidth(some) <= width,
  )
  const blanks = ' '.repeat(indent)
  if (aligned !== undefined) {
    const print = rowPrinter(aligned)
    return (row) => blanks + print(row)
  }
  const cellsOf = (row: number) =>
    columns.map((column) => (row < 0 ? column.heading : (column.cells[row] ?? '')))
  return (row) => blanks + flowParts(cellsOf(row), { indent, width })
}

/** Two lines an offer (more where even those pass the width): instance type and GPU on the second. */
const stackedLines = (
  columns: OfferColumns,
  all: readonly Column[],
  options: { rows: number; width: number; style: Style },
): readonly string[] => {
  const { rank, backend, spot, price, instanceType, resources, gpu } = columns
  const rest = columnsWidth([rank, backend, spot, price]) + 2
  const region = cutColumn(columns.region, Math.max(leastRegionWidth, options.width - rest))
  const first = rowPrinter([rank, backend, region, spot, price])
  const indent = columnWidth(rank) + 2
  const withGpu = all.includes(gpu) ? [instanceType, gpu] : [instanceType]
  const second = belowPrinter(withGpu, resources, { indent, width: options.width })
  const lines = [options.style.bold(`${first(-1).trimEnd()}\n${second(-1)}`)]
  for (let row = 0; row < options.rows; row++) lines.push(first(row), second(row))
  return lines
}

const signed = (columns: OfferColumns, signs: readonly string[] | null): OfferColumns =>
  signs === null
    ? columns
    : {
        ...columns,
        price: {
          ...columns.price,
          heading: `${columns.price.heading} `,
          cells: columns.price.cells.map((cell, row) => cell + (signs[row] ?? '')),
        },
      }

/** What a column AGE would have said of old prices; null where none is old. */
export const staleLine = (offers: readonly Offer[], nowMs: number): string | null => {
  const ages = offers.map((offer) => ageMs(offer.observation.observedAt, nowMs))
  const stale = ages.filter(isStale)
  const known = stale.filter((age) => age !== null).toSorted((one, other) => one - other)
  const [newest, oldest] = [known[0], known.at(-1)]
  if (stale.length === 0) return null
  const which = `Stale: ${printCount(stale.length)} of ${printCounted(ages.length, 'price')}`
  if (newest === undefined || oldest === undefined) return `${which}, of unknown age.`
  const [from, to] = [printAge(newest), printAge(oldest)]
  return `${which}, ${from === to ? from : `${from} to ${to}`} old.`
}

/**
 * The default table: no borders, one line an offer. Where the width is short it drops the age, then
 * the resources, then cuts the region, then takes two lines an offer.
 */
export const printOffersTable = (
  offers: readonly Offer[],
  { nowMs, width, style, signs = null }: OffersTableOptions,
): string => {
  const ages = offers.map((offer) => ageMs(offer.observation.observedAt, nowMs))
  const columns = signed(toColumns(offers, ages, style), signs)
  const all = inOrder(columns, offers)
  const fitting = fitOneLine(columns, all, width)
  const lines =
    fitting === null
      ? stackedLines(columns, all, { rows: offers.length, width: width ?? 80, style })
      : onelineLines(fitting, offers.length, style)
  const aged = fitting?.includes(columns.age) === true ? null : staleLine(offers, nowMs)
  return [
    ...lines.map((line) => line.trimEnd()),
    ...(aged === null ? [] : [style.yellow(aged)]),
  ].join('\n')
}

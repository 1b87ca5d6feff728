import type { Groups } from '#api/groups'
import type { Look } from '#cli/terminal'
import { cutText, flowParts } from '#cli/text-width'
import { type Column, columnsWidth, columnWidth, rowPrinter } from './columns.ts'
import { type GroupColumns, toGroupColumns } from './group-columns.ts'
import { printCount, printCounted } from './numbers.ts'

const leastNameWidth = 12

const present = (columns: readonly (Column | null)[]): readonly Column[] =>
  columns.filter((one) => one !== null)

/** From left to right, and what a short width does without, first to last. */
const layouts = (columns: GroupColumns, noGpu: boolean): readonly (readonly Column[])[] => {
  const { rank, gpu, count, offers, spot, perGpu, perMemoryGb, price, backends } = columns
  const { regions, stock } = columns
  const whole = [
    rank,
    gpu,
    count,
    offers,
    spot,
    perGpu,
    perMemoryGb,
    price,
    backends,
    regions,
    stock,
  ]
  // The price per machine is the only one that machines without accelerators have.
  const spare = noGpu ? [perMemoryGb, spot, offers] : [price, spot, perMemoryGb, offers]
  return spare.reduce<readonly (readonly Column[])[]>(
    (all, dropped) => [...all, (all.at(-1) ?? []).filter((one) => one !== dropped)],
    [present(whole)],
  )
}

/** A layout with its names cut until it fits; null where that is not enough. */
const cutNames = (
  layout: readonly Column[],
  names: readonly (Column | null)[],
  width: number,
): readonly Column[] | null => {
  let excess = columnsWidth(layout) - width
  const fitted = layout.map((one) => {
    if (!names.includes(one) || excess <= 0) return one
    const to = Math.max(leastNameWidth, columnWidth(one) - excess)
    excess -= Math.max(0, columnWidth(one) - to)
    return { ...one, cells: one.cells.map((cell) => cutText(cell, to)) }
  })
  return excess > 0 ? null : fitted
}

const fit = (
  columns: GroupColumns,
  noGpu: boolean,
  width: number | null,
): { readonly columns: readonly Column[]; readonly fits: boolean } => {
  const all = layouts(columns, noGpu)
  if (width === null) return { columns: all[0] ?? [], fits: true }
  // Names give way before figures.
  for (const some of all) {
    const cut = cutNames(some, [columns.regions, columns.backends], width)
    if (cut !== null) return { columns: cut, fits: true }
  }
  return { columns: all.at(-1) ?? [], fits: false }
}

/** A line a group, or several where no layout is narrow enough. */
const printLines = (
  { columns, fits }: ReturnType<typeof fit>,
  rows: number,
  { style, width }: Look,
): readonly string[] => {
  const print = fits
    ? rowPrinter(columns)
    : (row: number) =>
        flowParts(
          columns.map((one) => (row < 0 ? one.heading : (one.cells[row] ?? '-'))).filter(Boolean),
          { indent: 3, width },
        )
  const lines = [style.bold(print(-1))]
  for (let row = 0; row < rows; row++) lines.push(print(row))
  return lines.map((line) => line.trimEnd())
}

const countParts = ({ groups }: Groups): readonly string[] => {
  const offers = groups.reduce((sum, group) => sum + group.offers, 0)
  const unknown = groups.reduce((sum, group) => sum + group.unknownPrices, 0)
  return [
    `${printCounted(groups.length, 'group')} of ${printCounted(offers, 'offer')}`,
    ...(unknown === 0 ? [] : [`${printCount(unknown)} without a price (?)`]),
  ]
}

const basis = ['Prices from least to greatest', 'GB is the memory of a GPU']

/** Groups in their order, what the figures mean, and how many offers they are of. */
export const printGroupsTable = (groups: Groups, look: Look): string => {
  const columns = toGroupColumns(groups, look.style)
  const noGpu = groups.groups.some(({ gpu }) => gpu === null)
  const fitting = fit(columns, noGpu, look.width)
  const { width } = look
  return [
    ...printLines(fitting, groups.groups.length, look),
    flowParts(countParts(groups), { indent: 0, width }),
    flowParts(basis, { indent: 0, width }),
  ].join('\n')
}

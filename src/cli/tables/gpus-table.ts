import type { ListedGpu, SoldFrom } from '#api/groups'
import type { Look } from '#cli/terminal'
import { cutText, visible } from '#cli/text-width'
import { type Column, columnsWidth, columnWidth, rowPrinter } from './columns.ts'
import { backendsCell } from './group-cells.ts'
import { printCount, printCounted, printSize } from './numbers.ts'
import { printPrices } from './price-column.ts'

/** `-` where nobody sells it so; `?` where somebody does, at an unknown price. */
const printFrom = (sold: readonly (SoldFrom | null)[]): readonly string[] => {
  const prices = printPrices(sold.map((one) => one?.fromNanoUsd ?? null))
  return sold.map((one, row) => (one === null ? '-' : (prices[row] ?? '?')))
}

const column = (
  heading: string,
  align: Column['align'],
  cells: readonly string[],
  paint?: Column['paint'],
): Column => ({ heading, align, cells, paint })

const left = (heading: string, cells: readonly string[]): Column => column(heading, 'left', cells)

const right = (heading: string, cells: readonly string[], paint?: Column['paint']): Column =>
  column(heading, 'right', cells, paint)

const capabilityCell = ({ gpu: { computeCapability } }: ListedGpu): string =>
  computeCapability === null ? '-' : computeCapability.join('.')

/** The columns, less those that a short width has no room for. */
const toColumns = (gpus: readonly ListedGpu[], { style, width }: Look): readonly Column[] => {
  const name = left(
    'GPU',
    gpus.map(({ gpu }) => visible(gpu.name)),
  )
  const memory = right(
    'MEMORY',
    gpus.map(({ gpu }) => printSize(gpu.memoryMib)),
  )
  const vendor = left(
    'VENDOR',
    gpus.map(({ gpu }) => gpu.vendor),
  )
  const capability = right('CAPABILITY', gpus.map(capabilityCell))
  const onDemand = right('$/GPU-H', printFrom(gpus.map((one) => one.onDemand)), style.bold)
  const spot = right('SPOT $/GPU-H', printFrom(gpus.map((one) => one.spot)), style.bold)
  const offers = right(
    'OFFERS',
    gpus.map((one) => (one.offers === 0 ? '-' : printCount(one.offers))),
  )
  const backends = left(
    'BACKENDS',
    gpus.map((one) => (one.backends.length === 0 ? '-' : backendsCell(one.backends))),
  )
  const whole = [name, memory, vendor, capability, onDemand, spot, offers, backends]
  const layouts = [
    whole,
    whole.filter((one) => one !== offers),
    [name, memory, capability, onDemand, spot, backends],
    [name, memory, onDemand, spot, backends],
  ]
  const fits = (some: readonly Column[]): boolean => width === null || columnsWidth(some) <= width
  return (
    layouts.find(fits) ??
    layouts.slice(2).flatMap((some) => cutBackends(some, backends, width))[0] ??
    [[name, memory, onDemand, spot]].find(fits) ?? [name, memory, onDemand]
  )
}

const leastNamesWidth = 14

/** The layout with its backends cut until it fits; none where little would be left of them. */
const cutBackends = (
  layout: readonly Column[],
  backends: Column,
  width: number | null,
): readonly (readonly Column[])[] => {
  const room = columnWidth(backends) - (columnsWidth(layout) - (width ?? 0))
  if (room < leastNamesWidth) return []
  const cells = backends.cells.map((cell) => cutText(cell, room))
  return [layout.map((one) => (one === backends ? { ...backends, cells } : one))]
}

/** Every model of accelerator and from what price it is sold. */
export const printGpusTable = (gpus: readonly ListedGpu[], look: Look): string => {
  const print = rowPrinter(toColumns(gpus, look))
  const sold = gpus.filter(({ offers }) => offers > 0).length
  return [
    look.style.bold(print(-1)),
    ...gpus.map((_, row) => print(row)),
    `${printCounted(gpus.length, 'GPU model')}, ${printCount(sold)} sold.`,
  ]
    .map((line) => line.trimEnd())
    .join('\n')
}

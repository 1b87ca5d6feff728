import type { Group, Groups } from '#api/groups'
import type { Style } from '#cli/style'
import type { Column } from './columns.ts'
import {
  backendsCell,
  gpuCountCell,
  gpuModelCell,
  printPriceRanges,
  regionsCell,
  spotKindsCell,
  stockCell,
} from './group-cells.ts'
import { printCount } from './numbers.ts'

export interface GroupColumns {
  readonly rank: Column
  readonly gpu: Column
  readonly count: Column
  readonly offers: Column
  readonly spot: Column
  readonly perGpu: Column
  readonly perMemoryGb: Column
  readonly price: Column
  readonly backends: Column
  readonly regions: Column | null
  /** Null where everything is in stock. */
  readonly stock: Column | null
}

const column = (
  heading: string,
  align: Column['align'],
  cells: readonly string[],
  paint?: Column['paint'],
): Column => ({ heading, align, cells, paint })

const regionNames = (group: Group): string => regionsCell(group.regions ?? [])

const backendNames = ({ backends }: Group): string => backendsCell(backends.map(({ name }) => name))

export const toGroupColumns = ({ grouping, groups }: Groups, style: Style): GroupColumns => {
  const withoutGpu = (row: number): boolean => groups[row]?.gpu === null
  const stock = groups.map(stockCell)
  const perGpu = printPriceRanges(
    groups.map((group) => group.perGpu),
    withoutGpu,
  )
  const perMemoryGb = printPriceRanges(
    groups.map((group) => group.perMemoryGb),
    withoutGpu,
  )
  const price = printPriceRanges(
    groups.map((group) => group.price),
    () => false,
  )
  return {
    rank: column(
      '#',
      'right',
      groups.map((_, index) => String(index + 1)),
    ),
    gpu: column(
      'GPU',
      'left',
      groups.map(({ gpu }) => gpuModelCell(gpu)),
    ),
    count: column('COUNT', 'right', groups.map(gpuCountCell)),
    offers: column(
      'OFFERS',
      'right',
      groups.map(({ offers }) => printCount(offers)),
    ),
    spot: column('SPOT', 'left', groups.map(spotKindsCell)),
    perGpu: column('$/GPU-H', 'right', perGpu, style.bold),
    perMemoryGb: column('$/GB-H', 'right', perMemoryGb),
    price: column('$/H', 'right', price),
    backends: column(grouping.backend ? 'BACKEND' : 'BACKENDS', 'left', groups.map(backendNames)),
    regions: grouping.backend
      ? column(grouping.region ? 'REGION' : 'REGIONS', 'left', groups.map(regionNames))
      : null,
    stock: stock.every((cell) => cell === '')
      ? null
      : column('IN STOCK', 'left', stock, (text) => style.yellow(text)),
  }
}

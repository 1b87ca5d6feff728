import { isStale, printAgeMarked } from '#cli/age'
import type { Style } from '#cli/style'
import { visible } from '#cli/text-width'
import type { Offer } from '#domain/offer'
import type { Column } from './columns.ts'
import { gpuCell, regionCell, resourcesCell, spotCell } from './offer-cells.ts'
import { printPrices } from './price-column.ts'

export interface OfferColumns {
  readonly rank: Column
  readonly backend: Column
  readonly region: Column
  readonly instanceType: Column
  readonly resources: Column
  readonly gpu: Column
  readonly spot: Column
  readonly price: Column
  readonly age: Column
}

const left = (heading: string, cells: readonly string[], paint?: Column['paint']): Column => ({
  heading,
  align: 'left',
  cells,
  paint,
})

export const toColumns = (
  offers: readonly Offer[],
  ages: readonly (number | null)[],
  style: Style,
): OfferColumns => ({
  rank: { heading: '#', align: 'right', cells: offers.map((_, index) => String(index + 1)) },
  backend: left(
    'BACKEND',
    offers.map((offer) => visible(offer.backend)),
  ),
  region: left('REGION', offers.map(regionCell)),
  instanceType: left(
    'INSTANCE TYPE',
    offers.map((offer) => visible(offer.instanceType.name)),
  ),
  resources: left(
    'RESOURCES',
    offers.map((offer) => resourcesCell(offer.instanceType)),
  ),
  gpu: left(
    'GPU',
    offers.map((offer) => gpuCell(offer.instanceType)),
  ),
  spot: left('SPOT', offers.map(spotCell), (text, row) =>
    offers[row]?.spot === true ? style.green(text) : text,
  ),
  price: {
    heading: '$/H',
    align: 'right',
    cells: printPrices(offers.map((offer) => offer.priceNanoUsd)),
    paint: style.bold,
  },
  age: left('AGE', ages.map(printAgeMarked), (text, row) =>
    isStale(ages[row] ?? null) ? style.yellow(text) : text,
  ),
})

/** The columns from left to right, without a GPU column where nothing has a GPU. */
export const inOrder = (columns: OfferColumns, offers: readonly Offer[]): readonly Column[] => {
  const { rank, backend, region, instanceType, resources, gpu, spot, price, age } = columns
  const anyGpu = offers.some((offer) => offer.instanceType.gpu !== null)
  return [
    rank,
    backend,
    region,
    instanceType,
    resources,
    ...(anyGpu ? [gpu] : []),
    spot,
    price,
    age,
  ]
}

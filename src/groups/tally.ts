/** Adds up the offers of one group of one catalog file, in the file's own ids. */
import { outOfStock, unknownPrice, variantBits } from '#catalog/tables'
import type { PriceRange } from './group.ts'
import { joinRanges, perGpuNanoUsd } from './unit-price.ts'

/** What the offers of a variant have in common. */
export interface Variant {
  readonly id: number
  readonly gpuId: number
  readonly gpuCount: number
  readonly backendId: number
}

/** Some offers of one variant: those of one region, or of all. */
export interface Lot {
  readonly variant: Variant
  readonly offers: number
  readonly unknownPrices: number
  readonly price: PriceRange | null
  readonly minStanding: number
  /** Null where it has not been read. */
  readonly firstRegion: string | null
  /** Ids; null where they have not been read. */
  readonly regionIds: readonly number[] | null
}

/** A backend's part in a group. */
interface BackendTally {
  available: boolean
  fromNanoUsd: number | null
}

export interface Tally {
  readonly gpuId: number
  minCount: number
  maxCount: number
  spot: boolean
  onDemand: boolean
  offers: number
  available: number
  unknownPrices: number
  price: PriceRange | null
  perGpu: PriceRange | null
  first: Lot
  readonly backends: Map<number, BackendTally>
  readonly regionIds: Set<number>
}

export const isSpot = (variantId: number): boolean => variantId % 2 === variantBits.spot

export const instanceTypeId = (variantId: number): number =>
  Math.floor(variantId / variantBits.perInstanceType)

const isInStock = (standing: number): boolean => standing < outOfStock

/** Null for an unknown price. */
export const priceOf = (standing: number): number | null => {
  const price = standing % outOfStock
  return price === unknownPrice ? null : price
}

const perGpuRange = ({ price, variant: { gpuCount } }: Lot): PriceRange | null =>
  price === null || gpuCount === 0
    ? null
    : { min: perGpuNanoUsd(price.min, gpuCount), max: perGpuNanoUsd(price.max, gpuCount) }

/** The order of offers within a file: standing, variant, name of the region. */
const isBefore = (left: Lot, right: Lot): boolean => {
  const order = left.minStanding - right.minStanding || left.variant.id - right.variant.id
  return order === 0 ? (left.firstRegion ?? '') < (right.firstRegion ?? '') : order < 0
}

export const startTally = (lot: Lot): Tally => ({
  gpuId: lot.variant.gpuId,
  minCount: lot.variant.gpuCount,
  maxCount: lot.variant.gpuCount,
  spot: false,
  onDemand: false,
  offers: 0,
  available: 0,
  unknownPrices: 0,
  price: null,
  perGpu: null,
  first: lot,
  backends: new Map(),
  regionIds: new Set(),
})

export const addLot = (tally: Tally, lot: Lot): void => {
  const { variant } = lot
  const perGpu = perGpuRange(lot)
  const available = isInStock(lot.minStanding)
  tally.minCount = Math.min(tally.minCount, variant.gpuCount)
  tally.maxCount = Math.max(tally.maxCount, variant.gpuCount)
  if (isSpot(variant.id)) tally.spot = true
  else tally.onDemand = true
  tally.offers += lot.offers
  if (available) tally.available += lot.offers
  tally.unknownPrices += lot.unknownPrices
  tally.price = joinRanges(tally.price, lot.price)
  tally.perGpu = joinRanges(tally.perGpu, perGpu)
  if (isBefore(lot, tally.first)) tally.first = lot
  addBackend(tally, variant.backendId, {
    available,
    fromNanoUsd: (perGpu ?? lot.price)?.min ?? null,
  })
  for (const id of lot.regionIds ?? []) tally.regionIds.add(id)
}

/** The price from which a backend sells is one that is in stock, where it has any. */
const addBackend = (tally: Tally, id: number, { available, fromNanoUsd }: BackendTally): void => {
  const known = tally.backends.get(id)
  if (known === undefined || (available && !known.available)) {
    tally.backends.set(id, { available, fromNanoUsd })
    return
  }
  if (available === known.available && fromNanoUsd !== null) {
    known.fromNanoUsd = Math.min(known.fromNanoUsd ?? fromNanoUsd, fromNanoUsd)
  }
}

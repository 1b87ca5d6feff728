import { type InstanceType, type Offer, offerId } from '#domain/offer'
import {
  instanceTypesPerBackend,
  outOfStock,
  stockLevels,
  unknownPrice,
  variantBits,
} from '#catalog/tables'
import type { InstanceTypeRow, OfferRow } from '#query/rows'
import type { CatalogDictionaries } from './dictionaries.ts'

/** An offer with the keys of its rank, to merge with the offers of another catalog file. */
export interface RankedOffer {
  readonly standing: number
  readonly backendRank: number
  readonly offer: Offer
}

export const instanceTypeIdOf = (variantId: number): number =>
  Math.floor(variantId / variantBits.perInstanceType)

export const toRankedOffer = (
  [variantId, standing, stock, observationId, regionName]: OfferRow,
  instanceType: InstanceType,
  dictionaries: CatalogDictionaries,
): RankedOffer => {
  const backendRank = Math.floor(instanceTypeIdOf(variantId) / instanceTypesPerBackend)
  const backend = dictionaries.backendName(backendRank)
  const spot = variantId % 2 === variantBits.spot
  const region = regionName === '' ? null : regionName
  const price = standing % outOfStock
  return {
    standing,
    backendRank,
    offer: {
      id: offerId(backend, region, instanceType.name, spot),
      backend,
      region,
      instanceType,
      spot,
      priceNanoUsd: price === unknownPrice ? null : price,
      stock: stockLevels[stock] ?? 'unknown',
      observation: dictionaries.observation(observationId),
    },
  }
}

export const toInstanceType = (
  [, name, cpuMilli, memoryMib, gpuId, gpuCount, diskMib, architecture]: InstanceTypeRow,
  dictionaries: CatalogDictionaries,
): InstanceType => ({
  name,
  cpus: cpuMilli / 1000,
  memoryMib,
  gpu: dictionaries.gpus.get(gpuId) ?? null,
  gpuCount,
  diskMib,
  architecture: toArchitecture(architecture),
})

const toArchitecture = (text: string | null): InstanceType['architecture'] =>
  text === 'x86_64' || text === 'arm64' ? text : null

const byText = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0)

/**
 * The total order of offers: in stock first, then price, then backend (in the order of
 * `backendNames`), instance type, on-demand before spot, region. The same as the SQL's.
 */
export const compareRank = (left: RankedOffer, right: RankedOffer): number =>
  left.standing - right.standing ||
  left.backendRank - right.backendRank ||
  byText(left.offer.instanceType.name, right.offer.instanceType.name) ||
  Number(left.offer.spot) - Number(right.offer.spot) ||
  byText(left.offer.region ?? '', right.offer.region ?? '')

/** The same order within one file, whose ids are numbered in it. */
const compareRows = (left: OfferRow, right: OfferRow): number =>
  left[1] - right[1] || left[0] - right[0] || byText(left[4], right[4])

/** Two lists of one file's offers in rank order, as one. */
export const merged = (
  left: readonly OfferRow[],
  right: readonly OfferRow[],
): readonly OfferRow[] => {
  if (right.length === 0) return left
  return left.concat(right).toSorted(compareRows)
}

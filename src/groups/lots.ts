/** The matching offers of a variant as lots. */
import { outOfStock } from '#catalog/tables'
import type { VariantRow } from './statements.ts'
import { type Lot, priceOf, type Variant } from './tally.ts'

/** What decides over an offer once its variant will do. */
export interface OfferBounds {
  readonly priceMax: number
  /** Null: any region. */
  readonly regionIds: ReadonlySet<number> | null
}

/** The greatest standing that the price limit admits: a variant is all in stock or all out of it. */
const capOf = (minStanding: number, priceMax: number): number =>
  priceMax + (minStanding < outOfStock ? 0 : outOfStock)

export const toVariant = ([id, gpuId, gpuCount, backendId]: VariantRow): Variant => ({
  id,
  gpuId,
  gpuCount,
  backendId,
})

/**
 * A variant whose summary says all: every offer matches and has a price. Null where its offers must
 * be read.
 */
export const wholeLot = (row: VariantRow, bounds: OfferBounds): Lot | null => {
  const [, , , , minStanding, maxStanding, offers] = row
  const [min, max] = [priceOf(minStanding), priceOf(maxStanding)]
  const cap = capOf(minStanding, bounds.priceMax)
  if (bounds.regionIds !== null || maxStanding > cap || min === null || max === null) return null
  return {
    variant: toVariant(row),
    offers,
    unknownPrices: 0,
    price: { min, max },
    minStanding,
    firstRegion: null,
    regionIds: null,
  }
}

/** Calls `take` with each offer that matches, of region ids and standings in turn. */
const forEachMatch = (
  flat: readonly number[],
  { priceMax, regionIds }: OfferBounds,
  take: (regionId: number, standing: number) => void,
): void => {
  for (let index = 0; index < flat.length; index += 2) {
    const regionId = flat[index] ?? 0
    const standing = flat[index + 1] ?? 0
    const wanted = regionIds === null || regionIds.has(regionId)
    if (wanted && standing <= capOf(standing, priceMax)) take(regionId, standing)
  }
}

/** The matching offers of a variant, one lot a region. */
export const lotsByRegion = (
  variant: Variant,
  flat: readonly number[],
  bounds: OfferBounds,
  regionNames: ReadonlyMap<number, string>,
): readonly Lot[] => {
  const lots: Lot[] = []
  forEachMatch(flat, bounds, (regionId, standing) => {
    const price = priceOf(standing)
    lots.push({
      variant,
      offers: 1,
      unknownPrices: price === null ? 1 : 0,
      price: price === null ? null : { min: price, max: price },
      minStanding: standing,
      firstRegion: regionNames.get(regionId) ?? '',
      regionIds: [regionId],
    })
  })
  return lots
}

/** The same as one lot; null where no offer matches. */
export const joinedLot = (
  variant: Variant,
  flat: readonly number[],
  bounds: OfferBounds,
  regionNames: ReadonlyMap<number, string>,
): Lot | null => {
  const regionIds: number[] = []
  let [unknownPrices, minStanding, firstRegion] = [0, Infinity, '']
  let [min, max] = [Infinity, -Infinity]
  forEachMatch(flat, bounds, (regionId, standing) => {
    regionIds.push(regionId)
    const price = priceOf(standing)
    if (price === null) unknownPrices++
    else {
      min = Math.min(min, price)
      max = Math.max(max, price)
    }
    if (standing > minStanding) return
    const name = regionNames.get(regionId) ?? ''
    if (standing < minStanding || name < firstRegion) firstRegion = name
    minStanding = standing
  })
  if (regionIds.length === 0) return null
  const price = min > max ? null : { min, max }
  const offers = regionIds.length
  return { variant, offers, unknownPrices, price, minStanding, firstRegion, regionIds }
}

import { parseUsd } from '#domain/price'
import { isAcceleratorFamily, zoneListName } from './gcp-gpus.ts'
import type { RegionPrice } from './gcp-prices.ts'
import type { Places } from './gcp-tables.ts'

/**
 * Where no spot price of the GPU exists, the price list adds up vCPU and memory alone, which is
 * about a tenth of on-demand. Real spot prices of GPU machines start above a fifth.
 */
const leastSpotShare = 0.2

/**
 * Types that have an on-demand price but cannot be created on demand: only spot, by reservation or
 * through the Dynamic Workload Scheduler.
 */
const notOnDemand = /^(?:a3-highgpu-[1-7]g|a3-ultragpu-.*|a4x?-.*)$/

/**
 * Regions that a list of zones gives for a type: its own where the list has the type, else those of
 * its GPU. Null for types newer than the lists.
 */
const listedRegions = (type: string, places: Places): ReadonlySet<string> | null => {
  const own = places.ofType.get(type)
  const accelerator = zoneListName(type)
  if (own || accelerator === null) return own ?? null
  return places.ofAccelerator.get(accelerator) ?? new Set()
}

const nanoUsdOf = (text: string | null): number => parseUsd(text ?? '') ?? 0

const leavesGpuOut = (type: string, price: RegionPrice): boolean =>
  isAcceleratorFamily(type) &&
  nanoUsdOf(price.spotUsd) < leastSpotShare * nanoUsdOf(price.onDemandUsd)

/** Why a type is not sold in a region, however it is priced there; null if it is sold. */
const notSold = (type: string, price: RegionPrice, places: Places): string | null => {
  const regions = listedRegions(type, places)
  if (regions !== null && !regions.has(price.region)) {
    return isAcceleratorFamily(type)
      ? 'GPU machine not sold in the region, by the zone lists'
      : 'not sold in the region, by the zone list'
  }
  if (nanoUsdOf(price.onDemandUsd) <= 0) return 'no on-demand price in the region'
  return regions === null && leavesGpuOut(type, price)
    ? 'GPU machine not sold in the region, by its spot price'
    : null
}

/** The price to offer in nano-USD, or why there is none. */
export const saleOf = (
  type: string,
  price: RegionPrice,
  spot: boolean,
  places: Places,
): number | string => {
  const reason = notSold(type, price, places)
  if (reason !== null) return reason
  if (!spot && notOnDemand.test(type)) return 'GPU machine not to be had on demand'
  const nanoUsd = nanoUsdOf(spot ? price.spotUsd : price.onDemandUsd)
  if (nanoUsd <= 0) return 'price of zero or unreadable'
  return spot && leavesGpuOut(type, price) ? 'spot price leaves the GPU out' : nanoUsd
}

/** Synthetic catalogs of a given size: as skewed as real ones, and the same every time. */
import type { BackendOffers } from '#catalog/replace'
import { cloudOffers } from './cloud-offers.ts'
import { clouds, marketplaces } from './clouds.ts'
import { hostOffers } from './host-offers.ts'

const catalogSizes = {
  '100k': { offers: 100_000, hosts: 5_000 },
  '500k': { offers: 500_000, hosts: 7_500 },
  '1M': { offers: 1_000_000, hosts: 12_500 },
  '10M': { offers: 10_000_000, hosts: 120_000 },
} as const

export type CatalogSize = keyof typeof catalogSizes

const offersPerHost = 1.6

/** One backend at a time, so that the largest catalog never has to be held whole. */
export function* syntheticCatalog(size: CatalogSize): Generator<BackendOffers> {
  const { offers, hosts } = catalogSizes[size]
  const ofClouds = offers - hosts * offersPerHost
  let [left, weightLeft] = [ofClouds, clouds.reduce((sum, { weight }) => sum + weight, 0)]
  // The small ones first: what they do not have, the large ones have.
  for (const cloud of clouds.toSorted((a, b) => a.most - b.most || a.weight - b.weight)) {
    const own = cloudOffers(cloud, Math.min(cloud.most, (left * cloud.weight) / weightLeft))
    left -= own.offers.length
    weightLeft -= cloud.weight
    yield own
  }
  for (const market of marketplaces) yield hostOffers(market, Math.round(hosts * market.weight))
}

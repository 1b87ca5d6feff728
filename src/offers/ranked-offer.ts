import { type Offer, offerId } from '#domain/offer'
import {
  instanceTypesPerBackend,
  outOfStock,
  stockLevels,
  unknownPrice,
  variantBits,
} from '#catalog/tables'
import type { OfferRow } from '#query/statements'
import type { CatalogDictionaries } from './dictionaries.ts'

/** An offer with the keys of its rank, to merge with the offers of another catalog file. */
export interface RankedOffer {
  readonly standing: number
  readonly backendRank: number
  readonly offer: Offer
}

export const toRankedOffer = (row: OfferRow, dictionaries: CatalogDictionaries): RankedOffer => {
  const typeId = Math.floor(row.variant_id / variantBits.perInstanceType)
  const backendRank = Math.floor(typeId / instanceTypesPerBackend)
  const backend = dictionaries.backendName(backendRank)
  const spot = row.variant_id % 2 === variantBits.spot
  const region = row.region === '' ? null : row.region
  const price = row.standing % outOfStock
  return {
    standing: row.standing,
    backendRank,
    offer: {
      id: offerId(backend, region, row.instance_type, spot),
      backend,
      region,
      instanceType: {
        name: row.instance_type,
        cpus: row.cpu_milli / 1000,
        memoryMib: row.memory_mib,
        gpu: dictionaries.gpus.get(row.gpu_id) ?? null,
        gpuCount: row.gpu_count,
        diskMib: row.disk_mib,
        architecture: toArchitecture(row.architecture),
      },
      spot,
      priceNanoUsd: price === unknownPrice ? null : price,
      stock: stockLevels[row.stock] ?? 'unknown',
      observation: dictionaries.observation(row.observation_id),
    },
  }
}

const toArchitecture = (text: string | null): Offer['instanceType']['architecture'] =>
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

/** Histories and differences as documents for programs. Money is a decimal string. */
import type { Json } from '#domain/json'
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import type { Difference } from './differences.ts'
import type { PriceSeries } from './series.ts'

const price = (nanoUsd: number | null) => ({
  amount: nanoUsd === null ? null : printUsd(nanoUsd),
  currency: 'USD',
  per: 'instance_hour',
})

const identity = ({ id, backend, region, instanceType, spot }: Offer) => ({
  id,
  backend,
  region,
  instance_type: instanceType.name,
  gpu: instanceType.gpu?.name ?? null,
  gpu_count: instanceType.gpuCount,
  spot,
})

export const seriesDocument = ({ offer, gone, points }: PriceSeries) =>
  ({
    ...identity(offer),
    gone,
    points: points.map((point) => ({
      at: point.at,
      gone: point.gone,
      price: price(point.priceNanoUsd),
      availability: point.stock,
    })),
  }) satisfies Json

/** One row a point, for the formats of lines. */
export const seriesRows = ({ offer, points }: PriceSeries) =>
  points.map(
    (point) =>
      ({
        ...identity(offer),
        at: point.at,
        gone: point.gone,
        price: price(point.priceNanoUsd),
        availability: point.stock,
      }) satisfies Json,
  )

export const differenceDocument = (difference: Difference) =>
  ({
    kind: difference.kind,
    ...identity(difference.offer),
    before: price(difference.beforeNanoUsd),
    after: price(difference.afterNanoUsd),
    changed_at: difference.changedAt,
  }) satisfies Json

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

/** Headings of the formats of lines, where there is no row to take them from. */
const identityColumns = ['id', 'backend', 'region', 'instance_type', 'gpu', 'gpu_count', 'spot']
const priceColumns = (name: string) => [`${name}_amount`, `${name}_currency`, `${name}_per`]
export const seriesColumns: readonly string[] = [
  ...identityColumns,
  'at',
  'gone',
  ...priceColumns('price'),
  'availability',
]
export const differenceColumns: readonly string[] = [
  'kind',
  ...identityColumns,
  ...priceColumns('before'),
  ...priceColumns('after'),
  'changed_at',
]

import { ImportRejectedError } from '#domain/errors'
import type { Observation } from '#domain/offer'
import { parseUsd } from '#domain/price'
import { offered, regionName, rejected, type Outcome } from './azure-outcome.ts'
import { meterKey } from './azure-spelling.ts'
import type { Size } from './azure-sizes.ts'

/** A meter of the retail price list. It names a size only by its `skuName`, in one of many spellings. */
export interface Meter {
  readonly armRegionName: string
  readonly productName: string
  readonly skuName: string
  readonly retailPrice: number
  readonly unitOfMeasure: string
}

const isMeter = (value: unknown): value is Meter =>
  typeof value === 'object' &&
  value !== null &&
  'armRegionName' in value &&
  typeof value.armRegionName === 'string' &&
  'productName' in value &&
  typeof value.productName === 'string' &&
  'skuName' in value &&
  typeof value.skuName === 'string' &&
  'retailPrice' in value &&
  typeof value.retailPrice === 'number' &&
  'unitOfMeasure' in value &&
  typeof value.unitOfMeasure === 'string'

/** The meters of one file: an object whose values are meters. */
export const readMeters = (text: string, file: string): readonly Meter[] => {
  const parsed: unknown = JSON.parse(text)
  const values: unknown[] =
    typeof parsed === 'object' && parsed !== null ? Object.values(parsed) : []
  const meters = values.filter(isMeter)
  if (meters.length === 0 || meters.length < values.length)
    throw new ImportRejectedError(
      `"${file}": ${values.length - meters.length} of ${values.length} values are no meters`,
      { hint: 'Expected an object of retail price items.' },
    )
  return meters
}

/**
 * Why a meter is no Linux machine by the hour. Windows stands in the product's name alone, in several
 * spellings; "Cloud Services" is priced as Windows without saying so.
 */
const meterProblem = ({ productName, skuName, unitOfMeasure }: Meter): string | null => {
  if (/\bWin(dows)?\b/.test(productName)) return 'Windows price'
  if (/\bCloud ?Services\b/.test(productName)) return 'Cloud Services, Windows price'
  if (/\bDedicated ?Host\b/.test(productName)) return 'dedicated host'
  if (/\bBasic$/.test(productName)) return 'Basic tier'
  if (/\bLow Priority$/.test(skuName)) return 'Low Priority'
  return unitOfMeasure === '1 Hour' ? null : 'not priced by the hour'
}

/** Sizes by the key of their spelling; null where the size is known by name only. */
export type SizesByKey = ReadonlyMap<string, Size | null>

/** One outcome per meter: spot where `skuName` ends in "Spot", else on-demand. */
export const readMeter = (meter: Meter, sizes: SizesByKey, observation: Observation): Outcome => {
  const problem = meterProblem(meter)
  if (problem !== null) return rejected(problem)
  const price = parseUsd(String(meter.retailPrice))
  if (price === null || price < 0) return rejected('no price')
  if (price === 0) return rejected('zero price')
  const size = sizes.get(meterKey(meter.skuName, meter.productName))
  if (size === undefined) return rejected('meter of no known size')
  if (size === null) return rejected('size without specifications')
  if ('reason' in size) return rejected(size.reason)
  const spot = meter.skuName.endsWith(' Spot')
  return offered(regionName(meter.armRegionName), size.instanceType, spot, price, observation)
}

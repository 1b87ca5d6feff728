/** What the parts of machines cost, out of the price list. */
import type { Reject } from '#backends/kit/importer'
import { acceleratorLabels } from './accelerators.ts'
import { otherSpellings, partLabels } from './families.ts'
import type { Sku } from './schema.ts'
import { tpuLabels } from './tpus.ts'

export interface Rate {
  /** The description, without its place and how it is bought. */
  readonly label: string
  readonly spot: boolean
  /** An hour of one, of a GiB, of a GB, or a month of a GiB. */
  readonly unit: string
  readonly nanoUsd: number
}

/** Ways to buy that share a usage type with plain ones, and have prices of their own. */
const otherWays =
  /Commitment|Sole Tenancy|Reserved|Custom|DWS|Defined Duration|Calendar Mode|Capacity Optimized|Extended/

const spotBefore = /^(Spot )?Preemptible /i
const spotAfter = / attached to (Spot )?Preemptible VMs?$/i

/** `A2 Instance Core` of `Spot Preemptible A2 Instance Core running in Americas`. */
const readDescription = (description: string): Pick<Rate, 'label' | 'spot'> => {
  const placeless = description.trim().replace(/ (running )?in .+$/, '')
  const label = placeless.replace(spotBefore, '').replace(spotAfter, '')
  // The old price list of TPUs puts a continent at the end, and varies its case.
  const tpu = /^(tpu-v[23]) accelerator\b(?!.*\bpod\b)/i.exec(label)?.[1]
  const plain = tpu === undefined ? label : `TPU-${tpu.slice(4).toLowerCase()} Accelerator`
  return {
    label: otherSpellings.get(plain) ?? plain,
    spot: spotBefore.test(placeless) || spotAfter.test(placeless),
  }
}

const isPriced = (label: string): boolean =>
  partLabels.has(label) || acceleratorLabels.has(label) || tpuLabels.has(label)

/** Whole dollars and nanos, as an integer; null for what is no price above zero. */
const nanoOfMoney = (units: string | number, nanos: number): number | null => {
  const whole = Number(units === '' ? Number.NaN : units)
  const nanoUsd = whole * 1_000_000_000 + nanos
  const isExact = Number.isSafeInteger(whole) && Number.isSafeInteger(nanos)
  return isExact && Number.isSafeInteger(nanoUsd) && nanoUsd > 0 ? nanoUsd : null
}

/** Of several tiers the dearest: nobody is promised the free one. */
const priceOf = (sku: Sku): number | string => {
  const expression = sku.pricingInfo.at(-1)?.pricingExpression
  if (expression === undefined) return 'no price above zero'
  const prices = expression.tieredRates.map(({ unitPrice }) =>
    unitPrice.currencyCode === 'USD' ? nanoOfMoney(unitPrice.units, unitPrice.nanos) : 0,
  )
  if (prices.includes(0)) return 'not in dollars'
  const known = prices.filter((price) => price !== null)
  return known.length === 0 ? 'no price above zero' : Math.max(...known)
}

/** The rate of a SKU; why it is none, for the parts of machines; null for everything else. */
export const rateOf = (sku: Sku): Rate | Reject | null => {
  const { usageType, resourceFamily } = sku.category
  if (usageType !== 'OnDemand' && usageType !== 'Preemptible') return null
  if (resourceFamily !== 'Compute' && resourceFamily !== 'Storage') return null
  if (otherWays.test(sku.description)) return null
  const { label, spot } = readDescription(sku.description)
  if (!isPriced(label)) return null
  const nanoUsd = priceOf(sku)
  if (typeof nanoUsd === 'string') return { reason: nanoUsd, row: sku.description }
  const unit = sku.pricingInfo.at(-1)?.pricingExpression.usageUnit ?? ''
  // Some are told to be spot by their description alone.
  return { label, spot: spot || usageType === 'Preemptible', unit, nanoUsd }
}

/** The rates of one region. Of two prices of one part the dearer stays. */
export interface RegionRates {
  rate(label: string, spot: boolean, units: readonly string[]): Rate | null
}

export const regionRates = (rates: readonly Rate[]): RegionRates => {
  const dearest = new Map<string, Rate>()
  const keyOf = ({ label, spot }: Pick<Rate, 'label' | 'spot'>): string => `${spot} ${label}`
  for (const rate of rates) {
    const before = dearest.get(keyOf(rate))
    if (!before || before.nanoUsd < rate.nanoUsd) dearest.set(keyOf(rate), rate)
  }
  return {
    rate: (label, spot, units) => {
      const rate = dearest.get(keyOf({ label, spot }))
      return rate && units.includes(rate.unit) ? rate : null
    },
  }
}

/** What an hour of a part costs, by part number. */
import { nanoOfUsd } from '#backends/kit/figures'
import type { Product } from './schema.ts'

/** The unit a part must be sold by, so that a part number that changes its meaning prices nothing. */
type Unit = 'OCPU Per Hour' | 'Gigabyte Per Hour' | 'GPU Per Hour'

export interface PriceList {
  priceOf(part: string, unit: Unit): number | null
}

/**
 * The dearest tier: the first ones of some parts are free for so many hours a month, which an account
 * has once, not each of its machines.
 */
const nanoOfProduct = (product: Product): number | null => {
  const dollars = product.currencyCodeLocalizations.filter((one) => one.currencyCode === 'USD')
  const tiers = dollars
    .flatMap(({ prices }) => prices)
    .filter(({ model }) => model === 'PAY_AS_YOU_GO')
    .map(({ value }) => nanoOfUsd(value))
    .filter((nanoUsd) => nanoUsd !== null)
  return tiers.length === 0 ? null : Math.max(...tiers)
}

/** Of a part that is there twice the dearer price counts. */
export const priceListOf = (products: readonly Product[]): PriceList => {
  const prices = new Map<string, number>()
  for (const product of products) {
    const nanoUsd = nanoOfProduct(product)
    if (nanoUsd === null) continue
    const key = `${product.partNumber} ${product.metricName}`
    prices.set(key, Math.max(nanoUsd, prices.get(key) ?? 0))
  }
  return { priceOf: (part, unit) => prices.get(`${part} ${unit}`) ?? null }
}

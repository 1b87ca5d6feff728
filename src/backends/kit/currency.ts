/** Prices in other currencies than dollars. */
import type { Observation } from '#domain/offer'
import { nanoOf } from './figures.ts'
import type { Gathering } from './gather.ts'
import type { ImportTables } from './importer.ts'

/** How a page's prices become dollars, and how its offers name that. */
export interface Conversion {
  /** Dollars for one unit, as a decimal; null where no rate is known. */
  readonly usd: string | null
  readonly observation: Observation
}

export const conversionOf = (
  currency: string,
  tables: ImportTables,
  observation: Observation,
): Conversion => {
  if (currency === 'USD') return { usd: '1', observation }
  const rate = tables.rate(currency)
  if (rate === null) return { usd: null, observation }
  const { usd, source, day } = rate
  const named = `${observation.source} at ${usd} USD/${currency}, ${source} ${day}`
  return { usd, observation: { ...observation, source: named } }
}

type Unpriced = Parameters<Gathering['unpriced']>[0]

/** An offer at an amount by the hour. It is kept without a price where no rate is known. */
export const offerAt = (
  gathering: Gathering,
  amount: number | string | null,
  { usd }: Conversion,
  parts: Unpriced,
): void => {
  const priceNanoUsd = nanoOf(amount, usd ?? '1')
  if (priceNanoUsd !== null && usd === null) gathering.unpriced(parts)
  else gathering.offer({ ...parts, priceNanoUsd })
}

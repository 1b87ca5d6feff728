/** Figures as sources write them, in our units. Named by the unit of the source. */
import { parseUsd } from '#domain/price'
import { inUnits, readDecimal, timesDecimal } from './decimal.ts'

const positive = (nanoUsd: number | null): number | null =>
  nanoUsd !== null && nanoUsd > 0 ? nanoUsd : null

/**
 * Dollars an hour in nano-USD; null for what is no price above zero. Sources that write decimals as
 * JSON numbers mean the decimal, so the shortest text of the number is read, not its binary value.
 */
export const nanoOfUsd = (usd: number | string | null): number | null =>
  usd === null ? null : positive(parseUsd(String(usd)))

export const nanoOfCents = (cents: number | null): number | null => {
  const nanoUsd = nanoOfUsd(cents)
  return nanoUsd === null ? null : positive(Math.round(nanoUsd / 100))
}

/**
 * So much of a currency in nano-USD, at its rate in dollars: multiplied exactly, and then taken to the
 * nearest nano. Null for what is no price above zero.
 */
export const nanoOf = (amount: number | string | null, usd: string): number | null => {
  const [price, rate] = [readDecimal(String(amount)), readDecimal(usd)]
  if (price === null || rate === null) return null
  const nanoUsd = Number(inUnits(timesDecimal(price, rate), 9))
  return Number.isSafeInteger(nanoUsd) ? positive(nanoUsd) : null
}

/** Price of several at the price of one. */
export const nanoTimes = (nanoUsd: number | null, count: number): number | null =>
  nanoUsd === null || !Number.isSafeInteger(nanoUsd * count) ? null : nanoUsd * count

const mib = (value: number): number | null => {
  const whole = Math.round(value)
  return Number.isSafeInteger(whole) && whole > 0 ? whole : null
}

export const mibOfMib = (value: number): number | null => mib(value)
export const mibOfGib = (value: number): number | null => mib(value * 1024)
export const mibOfBytes = (value: number): number | null => mib(value / (1024 * 1024))

/**
 * Exact amounts. `bigint`, because a month of many replicas passes JavaScript's safe integers.
 * What is no whole nano-USD is rounded up, part by part: no part is shown lower than it is, and
 * sums, durations and replicas stay monotone.
 */
import { nanoPerUsd } from '#domain/price'

export type NanoUsd = bigint

/** The hours of a month, here and in the price lists of the clouds that state one: 365 * 24 / 12. */
export const hoursPerMonth = 730

export const secondsPerHour = 3600

export const divideUp = (dividend: bigint, divisor: bigint): bigint =>
  (dividend + divisor - 1n) / divisor

/** The exact decimal string, without trailing zeros: `1.006`, `12`. */
export const printNanoUsd = (nanoUsd: NanoUsd): string => {
  const [sign, absolute] = nanoUsd < 0n ? ['-', -nanoUsd] : ['', nanoUsd]
  const unit = BigInt(nanoPerUsd)
  const fraction = String(absolute % unit)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${sign}${absolute / unit}${fraction === '' ? '' : `.${fraction}`}`
}

/** `12.5` percent is 12,500,000. */
export const microPercentPerPercent = 1_000_000

const whole = 100 * microPercentPerPercent

const greatestDivisor = (left: number, right: number): number =>
  right === 0 ? left : greatestDivisor(right, left % right)

const halfUpOfLarge = (price: number, kept: number, of: number): number => {
  const divisor = BigInt(of)
  return Number((BigInt(price) * BigInt(kept) * 2n + divisor) / (divisor * 2n))
}

/**
 * What is left of a price after a discount: exact, rounded half up to a nano-USD, and never 0. The
 * share is reduced first (7/8 for 12.5 %), so that nearly all prices stay safe integers.
 */
export const discounter = (microPercent: number): ((priceNanoUsd: number) => number) => {
  const divisor = greatestDivisor(whole, whole - microPercent)
  const [kept, of] = [(whole - microPercent) / divisor, whole / divisor]
  return (price) => {
    const scaled = price * kept
    if (!Number.isSafeInteger(scaled)) return Math.max(1, halfUpOfLarge(price, kept, of))
    const rest = scaled % of
    return Math.max(1, (scaled - rest) / of + (rest * 2 >= of ? 1 : 0))
  }
}

/** `12.5`: the exact decimal, without zeros at its end. */
export const printPercent = (microPercent: number): string => {
  const fraction = String(microPercent % microPercentPerPercent)
    .padStart(6, '0')
    .replace(/0+$/, '')
  const percent = String(Math.floor(microPercent / microPercentPerPercent))
  return fraction === '' ? percent : `${percent}.${fraction}`
}

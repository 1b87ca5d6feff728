/** Prices of machines that are sold by their parts. */
import { inUnits, readDecimal } from './decimal.ts'

export interface Component {
  /** Dollars an hour for one unit. */
  readonly usd: number | string | null
  /** Whole units. */
  readonly count: number
}

/** Finer than any price of a part. */
const places = 18

/**
 * The sum in nano-USD: added up exactly, and then taken to the nearest nano. Null where a part has no
 * price; a part may be free, but not all of them.
 */
export const nanoOfComponents = (components: readonly Component[]): number | null => {
  let digits = 0n
  for (const { usd, count } of components) {
    const price = usd === null ? null : readDecimal(String(usd))
    if (price === null || price.digits < 0n) return null
    digits += inUnits(price, places) * BigInt(count)
  }
  const nanoUsd = Number(inUnits({ digits, places }, 9))
  return nanoUsd > 0 && Number.isSafeInteger(nanoUsd) ? nanoUsd : null
}

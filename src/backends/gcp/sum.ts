/** Sums of parts, exactly. */

/** So much of something at a rate; `amount / per` units. */
export interface Part {
  readonly nanoUsd: number
  readonly amount: number
  readonly per: number
}

/**
 * The exact sum of the products as a fraction, and only then taken to the nearest nano-USD, halves up;
 * null for no part, and for what is no whole figure.
 */
export const sumOfParts = (parts: readonly Part[]): number | null => {
  let above = 0n
  let below = 1n
  for (const { nanoUsd, amount, per } of parts) {
    if (![nanoUsd, amount, per].every(Number.isSafeInteger) || per <= 0) return null
    above = above * BigInt(per) + BigInt(nanoUsd) * BigInt(amount) * below
    below *= BigInt(per)
  }
  const sum = Number((2n * above + below) / (2n * below))
  return parts.length > 0 && Number.isSafeInteger(sum) && sum > 0 ? sum : null
}

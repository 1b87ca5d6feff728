export const median = (values: readonly number[]): number => quantile(values, 0.5)

/** The value below which a share of the values lie; the nearest one that was measured. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = values.toSorted((left, right) => left - right)
  const last = sorted.length - 1
  return sorted[Math.min(last, Math.floor(share * sorted.length))] ?? NaN
}

/** A list of few offers proves nothing by its shares. */
export const enoughToCompare = 10

/** 1 of nothing. */
export const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((left, right) => left - right)
  return sorted[Math.floor(sorted.length / 2)] ?? 1
}

/**
 * How far a filter must move to admit something, as one number that grows with the distance: `met`
 * not at all; a finite level a bound as far as that value (below, values count negative); `gone` the
 * filter must be dropped; `never` nothing helps. The levels of all filters make a point, and a change
 * of requirements admits what lies at or below its own point.
 */
export const met = -Infinity
export const gone = Infinity
export const never = NaN

export const lowerLevel = (value: number, bound: number): number => (value >= bound ? met : -value)

export const upperLevel = (value: number, bound: number): number => (value <= bound ? met : value)

/** Where a bound stands at a level; null where the filter is dropped. */
export const valueAt = (level: number, upper: boolean): number | null =>
  level === gone ? null : upper ? level : 0 - level

/** A range of numbers, both ends inclusive; null leaves an end open. */
export interface Range {
  readonly min: number | null
  readonly max: number | null
}

export const anything: Range = { min: null, max: null }

export const exactly = (value: number): Range => ({ min: value, max: value })

export const atLeast = (value: number): Range => ({ min: value, max: null })

export const contains = (range: Range, value: number): boolean =>
  (range.min === null || value >= range.min) && (range.max === null || value <= range.max)

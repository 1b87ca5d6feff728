/** How long requests waited before a replica began to answer. */
export interface Waits {
  readonly p50Ms: number
  readonly p95Ms: number
  readonly maxMs: number
}

/** By nearest rank: each figure is a wait that somebody had. Null for none. */
export const summariseWaits = (waitsMs: Float64Array): Waits | null => {
  if (waitsMs.length === 0) return null
  const sorted = waitsMs.toSorted()
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0
  return { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) }
}

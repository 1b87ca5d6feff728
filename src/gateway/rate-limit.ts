/** Buckets of tokens by key: a burst at once, then so many a second. */
import type { Rate } from './options.ts'

export interface RateLimit {
  /** Seconds until the next request of that key is let in; 0 lets this one in. */
  take(key: string, nowMs: number): number
}

interface Bucket {
  tokens: number
  atMs: number
}

/** More keys than this, and buckets that are full again are forgotten. */
const manyKeys = 10_000

const unlimited: RateLimit = { take: () => 0 }

export const newRateLimit = (rate: Rate | null): RateLimit => {
  if (rate === null) return unlimited
  const buckets = new Map<string, Bucket>()
  const capacity = Math.max(1, rate.burst)
  const filled = (bucket: Bucket, nowMs: number): number =>
    Math.min(capacity, bucket.tokens + (Math.max(0, nowMs - bucket.atMs) / 1000) * rate.perSecond)
  const forget = (nowMs: number): void => {
    for (const [key, bucket] of buckets) {
      if (filled(bucket, nowMs) >= capacity) buckets.delete(key)
    }
    // Nothing is full again: the oldest half goes, so that a flood of addresses cannot fill memory.
    if (buckets.size < manyKeys) return
    for (const key of [...buckets.keys()].slice(0, manyKeys / 2)) buckets.delete(key)
  }
  return {
    take: (key, nowMs) => {
      const bucket = buckets.get(key) ?? { tokens: capacity, atMs: nowMs }
      if (buckets.size >= manyKeys && !buckets.has(key)) forget(nowMs)
      bucket.tokens = filled(bucket, nowMs)
      bucket.atMs = nowMs
      buckets.set(key, bucket)
      if (bucket.tokens < 1) return Math.max(1, Math.ceil((1 - bucket.tokens) / rate.perSecond))
      bucket.tokens -= 1
      return 0
    },
  }
}

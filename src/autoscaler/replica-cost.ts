/** Money for the time of replicas. */
const msPerHour = 3_600_000n

/** Nano-USD, rounded up to a whole one. */
export const costNanoUsd = (replicaMs: number, priceNanoUsd: number): bigint =>
  (BigInt(Math.round(replicaMs)) * BigInt(priceNanoUsd) + msPerHour - 1n) / msPerHour

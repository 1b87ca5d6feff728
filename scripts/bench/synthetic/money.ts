/** Clouds quote to a hundredth of a cent; so ties are common. */
export const nanoUsd = (usd: number): number => Math.max(1, Math.round(usd * 10_000)) * 100_000

/** How many machines a configuration runs, and what that many cost. */
import type { Configuration } from '#domain/configuration'
import { nanoPerUsd, printUsd } from '#domain/price'

/** Both ends closed; equal ends are a fixed number. */
export interface Replicas {
  readonly min: number
  readonly max: number
}

/** Nodes of a task count as replicas: machines alike. */
export const replicasOf = (configuration: Configuration | null): Replicas => {
  if (configuration?.type === 'service') return configuration.replicas
  const machines = configuration?.type === 'task' ? configuration.nodes : 1
  return { min: machines, max: machines }
}

/** The cheapest and the dearest attempt of known price; null where there is none. */
export interface PriceRange {
  readonly min: number
  readonly max: number
}

export const priceRange = (pricesNanoUsd: readonly (number | null)[]): PriceRange | null => {
  const known = pricesNanoUsd.filter((price) => price !== null)
  const [first] = known
  if (first === undefined) return null
  return known.reduce<PriceRange>(
    ({ min, max }, price) => ({ min: Math.min(min, price), max: Math.max(max, price) }),
    { min: first, max: first },
  )
}

/** A price times a number of machines, as an exact decimal: it may pass the safe integers. */
export const printTotal = (priceNanoUsd: number, machines: number): string => {
  const total = BigInt(priceNanoUsd) * BigInt(machines)
  const unit = BigInt(nanoPerUsd)
  const fraction = printUsd(Number(total % unit)).slice(1)
  return `${total / unit}${fraction}`
}

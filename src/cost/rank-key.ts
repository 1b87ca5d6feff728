/** What an order of offers goes by. Every key is an amount per hour or run, the least first. */
import { mibPerGb } from '#domain/memory'
import type { Offer } from '#domain/offer'
import type { NanoUsd } from './money.ts'
import { expectedPrice, riskOf } from './expected.ts'
import type { BandOf } from './interruption.ts'
import { type CostQuestion, totalCost } from './total.ts'

export const rankings = ['price', 'total', 'gpu-hour', 'vram', 'expected'] as const

/**
 * `price` an hour of the machine; `total` an hour with its disk, or the run where its length is
 * given; `gpu-hour` the price by accelerator; `vram` the price by GB of accelerator memory;
 * `expected` the price with what interruptions add.
 */
export type RankBy = (typeof rankings)[number]

/** An exact fraction of nano-USD. */
export interface RankKey {
  readonly amount: NanoUsd
  /** Above 0. */
  readonly per: number
}

export interface KeyOptions {
  readonly by: RankBy
  readonly question: CostQuestion
  readonly bandOf: BandOf
}

/** Null where the offer lacks it: a price, a rate of its disk, an accelerator, a known risk. */
export const rankKey = (offer: Offer, { by, question, bandOf }: KeyOptions): RankKey | null => {
  const { gpu, gpuCount } = offer.instanceType
  switch (by) {
    case 'price':
      return keyOf(priceOf(offer), 1)
    case 'total':
      return keyOf(wholeTotal(offer, question), 1)
    case 'gpu-hour':
      return keyOf(priceOf(offer), gpuCount)
    case 'vram':
      return keyOf(priceOf(offer, mibPerGb), (gpu?.memoryMib ?? 0) * gpuCount)
    case 'expected':
      return keyOf(expectedPrice(offer, riskOf(offer, bandOf), question.durationSeconds), 1)
  }
}

const priceOf = ({ priceNanoUsd }: Offer, times = 1): NanoUsd | null =>
  priceNanoUsd === null ? null : BigInt(priceNanoUsd) * BigInt(times)

const wholeTotal = (offer: Offer, question: CostQuestion): NanoUsd | null => {
  const { complete, replica } = totalCost(offer, question)
  return complete && replica ? (replica.run ?? replica.hour) : null
}

const keyOf = (amount: NanoUsd | null, per: number): RankKey | null =>
  amount === null || per === 0 ? null : { amount, per }

/** Compares the fractions themselves, not their roundings. */
export const compareKeys = (left: RankKey, right: RankKey): number => {
  if (left.per === right.per) return compare(left.amount, right.amount)
  return compare(left.amount * BigInt(right.per), right.amount * BigInt(left.per))
}

const compare = (left: bigint, right: bigint): number => (left < right ? -1 : left > right ? 1 : 0)

/** To the nearest nano-USD, halves up, for print. */
export const roundKey = ({ amount, per }: RankKey): NanoUsd => {
  const parts = BigInt(per)
  return (2n * amount + parts) / (2n * parts)
}

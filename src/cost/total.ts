/** What a machine costs with the disk asked for, by the hour, the month and the run. */
import { mibPerGb } from '#domain/memory'
import type { Offer } from '#domain/offer'
import type { Range } from '#domain/range'
import { billedSeconds, type BillingRule, billingRuleOf } from './billing-rules.ts'
import { type DiskRate, diskRateOf, isDiskIncluded } from './disk-rates.ts'
import { divideUp, hoursPerMonth, type NanoUsd, secondsPerHour } from './money.ts'

export interface ReplicaCounts {
  readonly min: number
  readonly max: number
}

export interface CostQuestion {
  /** The least disk asked for, in MiB; null where none is. */
  readonly diskMib: number | null
  /** The length of a run; null asks for none. */
  readonly durationSeconds: number | null
  readonly replicas: ReplicaCounts
}

/** The disk that requirements ask for: the low end of their range. */
export const askedDiskMib = (requirements: { readonly diskMib: Range | null }): number | null =>
  requirements.diskMib?.min ? requirements.diskMib.min : null

export interface Spending {
  readonly hour: NanoUsd
  /** Of 730 hours. */
  readonly month: NanoUsd
  /** Increments and minimums included; null where no length was asked. */
  readonly run: NanoUsd | null
}

export type DiskCost =
  | { readonly kind: 'not-asked' }
  /** It comes with the machine, in its price. */
  | { readonly kind: 'included' }
  | {
      readonly kind: 'counted'
      readonly sizeGb: number
      readonly rate: DiskRate
      readonly spending: Spending
    }
  /** Billed apart at no rate that is known: more than zero. */
  | { readonly kind: 'not-counted'; readonly sizeGb: number }

export interface TotalCost {
  /** Of one machine; null where its price is unknown. */
  readonly compute: Spending | null
  readonly disk: DiskCost
  /** Compute and counted disk of one replica; null where the price is unknown. */
  readonly replica: Spending | null
  /** The replicas asked for, at least and at most. */
  readonly least: Spending | null
  readonly most: Spending | null
  /** Whether nothing is missing in it. */
  readonly complete: boolean
  /** Null where no rule is known; a run is then counted by its own length. */
  readonly billing: BillingRule | null
  readonly billedSeconds: number | null
}

export const totalCost = (offer: Offer, question: CostQuestion): TotalCost => {
  const billing = billingRuleOf(offer)
  const seconds =
    question.durationSeconds === null ? null : billedSeconds(billing, question.durationSeconds)
  const compute =
    offer.priceNanoUsd === null ? null : computeSpending(offer.priceNanoUsd, billing, seconds)
  const disk = diskCost(offer, question.diskMib, seconds)
  const replica = compute && (disk.kind === 'counted' ? sum(compute, disk.spending) : compute)
  return {
    compute,
    disk,
    replica,
    least: replica && times(replica, question.replicas.min),
    most: replica && times(replica, question.replicas.max),
    complete: compute !== null && disk.kind !== 'not-counted',
    billing,
    billedSeconds: seconds,
  }
}

const computeSpending = (
  priceNanoUsd: number,
  billing: BillingRule | null,
  seconds: number | null,
): Spending => {
  const price = BigInt(priceNanoUsd)
  const least = BigInt(billing?.minimumNanoUsd ?? 0)
  const run = seconds === null ? null : divideUp(price * BigInt(seconds), BigInt(secondsPerHour))
  return {
    hour: price,
    month: price * BigInt(hoursPerMonth),
    run: run === null ? null : run > least ? run : least,
  }
}

/** Disks are sold by whole GB, and live as long as their machine is billed. */
const diskCost = (offer: Offer, diskMib: number | null, seconds: number | null): DiskCost => {
  if (diskMib === null) return { kind: 'not-asked' }
  if (isDiskIncluded(offer)) return { kind: 'included' }
  const sizeGb = Math.ceil(diskMib / mibPerGb)
  const rate = diskRateOf(offer)
  if (rate === null) return { kind: 'not-counted', sizeGb }
  const over = (time: number): NanoUsd =>
    divideUp(
      BigInt(rate.nanoUsdPerGb) * BigInt(sizeGb) * BigInt(time),
      BigInt(rate.perHours * secondsPerHour),
    )
  const spending = {
    hour: over(secondsPerHour),
    month: over(hoursPerMonth * secondsPerHour),
    run: seconds === null ? null : over(seconds),
  }
  return { kind: 'counted', sizeGb, rate, spending }
}

const sum = (left: Spending, right: Spending): Spending => ({
  hour: left.hour + right.hour,
  month: left.month + right.month,
  run: left.run === null || right.run === null ? null : left.run + right.run,
})

const times = (spending: Spending, count: number): Spending => ({
  hour: spending.hour * BigInt(count),
  month: spending.month * BigInt(count),
  run: spending.run === null ? null : spending.run * BigInt(count),
})

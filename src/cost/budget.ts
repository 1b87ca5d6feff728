/** A budget, and how many replicas of an offer it pays for without a break. */
import { ArgumentError } from '#domain/errors'
import { parseUsd } from '#domain/price'
import { hoursPerMonth, type NanoUsd } from './money.ts'
import type { TotalCost } from './total.ts'

export type BudgetPeriod = 'hour' | 'day' | 'month'

export interface Budget {
  readonly nanoUsd: number
  readonly per: BudgetPeriod
}

const periods: ReadonlyMap<string, BudgetPeriod> = new Map([
  ['h', 'hour'],
  ['hour', 'hour'],
  ['d', 'day'],
  ['day', 'day'],
  ['month', 'month'],
])

const hoursPer: Readonly<Record<BudgetPeriod, number>> = {
  hour: 1,
  day: 24,
  month: hoursPerMonth,
}

/** `900/month`, `30/day`, `1.25/h`, above 0. Throws `ArgumentError`. */
export const parseBudget = (text: string): Budget => {
  const [amount = '', period = '', ...rest] = text.split('/').map((part) => part.trim())
  const nanoUsd = parseUsd(amount.replace(/^\$\s*/, ''))
  const per = periods.get(period.toLowerCase())
  const hint = 'budgets are dollars a month, a day or an hour, such as 900/month, 30/day or 1.25/h'
  if (nanoUsd === null || per === undefined || rest.length > 0)
    throw new ArgumentError(`"${text}" is no budget`, { hint })
  if (nanoUsd <= 0) throw new ArgumentError(`budget "${text}" is not above 0`, { hint })
  return { nanoUsd, per }
}

/** The dearest hour that a budget pays for: offers above it cannot fit, disk or not. */
export const dearestHour = ({ nanoUsd, per }: Budget): number => Math.floor(nanoUsd / hoursPer[per])

export interface Fit {
  /** Infinity where a replica costs nothing. */
  readonly replicas: number
  /** True where a part of the cost is not counted, so that fewer may fit. */
  readonly atMost: boolean
}

/** How many replicas the budget pays for; null where the price is unknown. */
export const fitOf = (budget: Budget, total: TotalCost): Fit | null => {
  if (total.replica === null) return null
  const cost = costPer(total.replica, budget.per)
  const replicas = cost === 0n ? Infinity : Number(BigInt(budget.nanoUsd) / cost)
  return { replicas, atMost: !total.complete }
}

const costPer = (
  spending: { readonly hour: NanoUsd; readonly month: NanoUsd },
  per: BudgetPeriod,
): NanoUsd => {
  switch (per) {
    case 'hour':
      return spending.hour
    case 'day':
      return spending.hour * BigInt(hoursPer.day)
    case 'month':
      return spending.month
  }
}

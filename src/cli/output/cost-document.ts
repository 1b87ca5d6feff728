/** Costs as a document. Money is a decimal string; what is not known is null. */
import {
  type CostedOffer,
  type DiskCost,
  type NanoUsd,
  printNanoUsd,
  type Ranking,
  type Reference,
  roundKey,
  type Spending,
} from '#api/cost'
import { printUsd } from '#domain/price'
import type { Json } from '#domain/json'

const amount = (nanoUsd: NanoUsd | null): Json => (nanoUsd === null ? null : printNanoUsd(nanoUsd))

const spendingDocument = (spending: Spending | null): Json =>
  spending && {
    per_hour: amount(spending.hour),
    per_month: amount(spending.month),
    per_run: amount(spending.run),
  }

const referenceOf = ({ source, asOf }: Reference) => ({ source, as_of: asOf })

const diskDocument = (disk: DiskCost): Json => {
  switch (disk.kind) {
    case 'not-asked':
    case 'included':
      return { state: disk.kind, size_gb: null, cost: null, rate: null }
    case 'not-counted':
      return { state: disk.kind, size_gb: disk.sizeGb, cost: null, rate: null }
    case 'counted':
      return {
        state: disk.kind,
        size_gb: disk.sizeGb,
        cost: spendingDocument(disk.spending),
        rate: {
          product: disk.rate.product,
          amount_per_gb: printUsd(disk.rate.nanoUsdPerGb),
          per_hours: disk.rate.perHours,
          ...referenceOf(disk.rate),
        },
      }
  }
}

/** What belongs to one offer of a ranking, beside the offer itself. */
export const toCostDocument = ({ key, total, risk, expected, fit }: CostedOffer) =>
  ({
    currency: 'USD',
    complete: total.complete,
    compute: spendingDocument(total.compute),
    disk: diskDocument(total.disk),
    replica: spendingDocument(total.replica),
    replicas: { least: spendingDocument(total.least), most: spendingDocument(total.most) },
    billing: total.billing && {
      quantum_s: total.billing.quantumSeconds,
      minimum_s: total.billing.minimumSeconds,
      minimum_charge:
        total.billing.minimumNanoUsd === null ? null : printUsd(total.billing.minimumNanoUsd),
      ...referenceOf(total.billing),
    },
    billed_s: total.billedSeconds,
    interruption: { risk: risk.kind, percent_a_month: risk.kind === 'band' ? risk.band : null },
    expected_per_hour: amount(expected),
    rank_key: key && printNanoUsd(roundKey(key)),
    fit: fit && {
      replicas: fit.replicas === Infinity ? null : fit.replicas,
      at_most: fit.atMost,
    },
  }) satisfies Json

/** What belongs to the answer as a whole. */
export const toRankingDocument = (ranking: Ranking) =>
  ({
    by: ranking.by,
    hours_per_month: 730,
    disk_mib: ranking.question.diskMib,
    run_s: ranking.question.durationSeconds,
    interruption_seen_on: ranking.bandsSeenOn,
    replicas: { min: ranking.question.replicas.min, max: ranking.question.replicas.max },
    budget: ranking.budget && {
      amount: printUsd(ranking.budget.nanoUsd),
      currency: 'USD',
      per: ranking.budget.per,
    },
    counts: {
      matched: ranking.matched,
      lacking_key: ranking.lacking,
      beyond_budget: ranking.beyondBudget,
    },
  }) satisfies Json

/** A report as text and as a document. Pure. */
import type { Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import type { KeptAside } from './accept.ts'
import type { Difference } from './changes.ts'
import type { BackendReport, RefreshReport } from './report.ts'

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`

const changesText = ({ changes }: BackendReport): readonly string[] =>
  changes === null
    ? []
    : [`${changes.added} new`, `${changes.removed} gone`, `${changes.priced} repriced`]

const rejectedOf = ({ rejects }: BackendReport): number =>
  Object.values(rejects).reduce((sum, count) => sum + count, 0)

/** `vultr  refreshed  412 offers, 12 new, 3 gone, 1 repriced, 9 rejected`. */
export const printBackendReport = (report: BackendReport): string => {
  const rejected = rejectedOf(report)
  const parts = [
    ...(report.offers > 0 ? [counted(report.offers, 'offer')] : []),
    ...changesText(report),
    ...(rejected > 0 ? [`${rejected} rejected`] : []),
    ...report.why,
  ]
  return `${report.backend.padEnd(15)}${report.state.padEnd(13)}${parts.join(', ')}`.trimEnd()
}

const priceText = (offer: Offer | null): string => {
  const price = offer?.priceNanoUsd ?? null
  return price === null ? '?' : printUsd(price)
}

const differenceText = ({ id, before, after }: Difference): string => {
  if (before === null) return `  new       ${priceText(after)}  ${id}`
  if (after === null) return `  gone      ${priceText(before)}  ${id}`
  return `  repriced  ${priceText(before)} -> ${priceText(after)}  ${id}`
}

/** Why it is kept aside, and every offer that taking it would add, take away or price anew. */
export const printKeptAside = (backend: string, kept: KeptAside): readonly string[] => [
  `${backend}: ${counted(kept.offers, 'offer')} kept aside, seen ${kept.seen ?? '?'}; ` +
    (kept.heldSince === null ? 'none are held' : `those held are of ${kept.heldSince}`),
  ...kept.why.map((why) => `  why       ${why}`),
  ...kept.differences.map(differenceText),
]

/** One line per backend, in the order they were asked. */
export const printRefreshReport = ({ backends }: RefreshReport): string =>
  backends.map((report) => `${printBackendReport(report)}\n`).join('')

/** Snake case, for `-o json`. `ageSeconds` counts to `nowMs`. */
export const refreshDocument = (
  report: RefreshReport,
  ageSeconds: (observedAt: string) => number | null,
) => ({
  kind: 'refresh',
  started_at: report.startedAt,
  dry_run: report.dryRun,
  backends: report.backends.map((one) => ({
    backend: one.backend,
    state: one.state,
    offers: one.offers,
    pages: one.pages,
    changes: one.changes,
    rejected: rejectedOf(one),
    rejects: one.rejects,
    why: one.why,
    problem: one.problem,
    observed_at: one.observedAt,
    age_seconds: one.observedAt === null ? null : ageSeconds(one.observedAt),
    took_ms: one.tookMs,
  })),
})

/** A report as text and as a document. Pure. */
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
  return `${report.backend.padEnd(14)}${report.state.padEnd(13)}${parts.join(', ')}`.trimEnd()
}

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

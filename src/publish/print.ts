/** Reports as text and as documents. Pure. */
import type { PublishedBackend } from './manifest.ts'
import type { ExportReport, PullReport } from './report.ts'

const withCommas = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',')

const counted = (count: number, noun: string): string =>
  `${withCommas(count)} ${noun}${count === 1 ? '' : 's'}`

const line = ({ backend, state, offers }: PublishedBackend & { readonly state: string }): string =>
  `${backend.padEnd(14)}${state.padEnd(11)}${counted(offers, 'offer')}\n`

/** A line per backend, and one of the whole. */
export const printExportReport = (report: ExportReport): string => {
  const parts = [
    `sequence ${report.sequence}${report.changed ? '' : ', as before'}`,
    counted(report.backends.length, 'backend'),
    ...(report.pruned > 0 ? [`${counted(report.pruned, 'old snapshot')} removed`] : []),
  ]
  return `${report.backends.map(line).join('')}${parts.join(' · ')} · key ${report.key}\n`
}

export const printPullReport = (report: PullReport): string => {
  const parts = [
    `sequence ${report.sequence} of ${report.createdAt}`,
    counted(report.backends.length, 'backend'),
    ...(report.dryRun ? ['a dry run: nothing was changed'] : []),
  ]
  return `${report.backends.map(line).join('')}${parts.join(' · ')}\n`
}

const backendDocument = (one: PublishedBackend & { readonly state: string }) => ({
  backend: one.backend,
  state: one.state,
  offers: one.offers,
  bytes: one.bytes,
  sha256: one.sha256,
  newest: one.newest,
})

/** Snake case, for `-o json`. */
export const exportDocument = (report: ExportReport) => ({
  kind: 'export',
  folder: report.folder,
  key: report.key,
  sequence: report.sequence,
  created_at: report.createdAt,
  changed: report.changed,
  backends: report.backends.map(backendDocument),
  pruned: report.pruned,
})

/** Snake case, for `-o json`. */
export const pullDocument = (report: PullReport) => ({
  kind: 'pull',
  source: report.source,
  key: report.key,
  sequence: report.sequence,
  created_at: report.createdAt,
  dry_run: report.dryRun,
  backends: report.backends.map(backendDocument),
  took_ms: report.tookMs,
})

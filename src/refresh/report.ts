/** What a refresh tells of itself. */
import type { ErrorCode } from '#domain/errors'

/**
 * `unchanged`: the source was asked and has what the catalog has. `incomplete`: not all of it came.
 * `quarantined`: all came, but is not believed. `skipped`: it was not asked, for want of credentials,
 * of an inventory or of a package. After every state but the first two, the catalog holds what it
 * held; where an inventory is wanting, its machines have gone, and the changes say so.
 */
type RefreshState = 'refreshed' | 'unchanged' | 'skipped' | 'incomplete' | 'quarantined' | 'failed'

export interface RefreshProblem {
  readonly code: ErrorCode | 'credentials-missing' | 'credentials-incomplete' | 'bug'
  readonly message: string
  readonly hint: string | null
}

/** Offers that a refresh adds, takes away and prices anew. */
export interface Changes {
  readonly added: number
  readonly removed: number
  readonly priced: number
}

export interface BackendReport {
  readonly backend: string
  readonly state: RefreshState
  /** Offers that came; 0 where none were asked for. */
  readonly offers: number
  readonly pages: number
  readonly rejects: Readonly<Record<string, number>>
  readonly changes: Changes | null
  /** Why it is incomplete, quarantined, skipped or failed, and what else is to be said: sentences. */
  readonly why: readonly string[]
  readonly problem: RefreshProblem | null
  /** When the prices that the catalog now holds were seen; null where it holds none. */
  readonly observedAt: string | null
  readonly tookMs: number
}

export interface RefreshReport {
  readonly startedAt: string
  readonly dryRun: boolean
  readonly backends: readonly BackendReport[]
}

/**
 * `backend`: one failed, was incomplete or is in quarantine. `credentials`: nothing was wrong but that
 * backends asked for by name lack them or a package, or have them half set or rejected.
 */
export type RefreshOutcome = 'done' | 'backend' | 'credentials'

const wants: ReadonlySet<string> = new Set([
  'credentials-missing',
  'credentials-incomplete',
  'upstream-credentials',
  'package-missing',
])

const lacksCredentials = ({ problem }: BackendReport): boolean =>
  problem !== null && wants.has(problem.code)

/** Failures of sources come before missing credentials, which only count where a backend was named. */
export const outcomeOf = (report: RefreshReport, named: boolean): RefreshOutcome => {
  const bad = report.backends.filter((one) =>
    ['failed', 'incomplete', 'quarantined'].includes(one.state),
  )
  if (bad.some((one) => !named || !lacksCredentials(one))) return 'backend'
  return named && report.backends.some(lacksCredentials) ? 'credentials' : 'done'
}

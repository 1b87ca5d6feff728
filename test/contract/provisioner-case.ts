/** What the contract of provisioners needs to know of a backend. */
import type { CallContext, Launcher } from '#backends/kit/provisioner'
import type { FailureClass, FailureScope } from '#domain/launch'
import type { Offer } from '#domain/offer'
import type { CloudModel, FakeKnobs, FakeReply, Matches } from './fake-cloud.ts'
import type { TestClock } from './test-clock.ts'

/** One row of a backend's table of errors, and where it is known from. */
export interface ErrorRow {
  readonly status: number
  readonly code: string | null
  readonly message: string
  readonly class: FailureClass
  readonly scope: FailureScope
  /** `create` where absent. */
  readonly during?: CallContext['during']
  readonly spot?: boolean
  readonly evidence: string
}

export interface ProvisionerCase {
  readonly launcher: Launcher
  /** Variables that make it ready; values are canaries that must turn up nowhere. */
  readonly environment: Readonly<Record<string, string>>
  /** On demand: two of different regions at least, cheapest first. */
  readonly offers: readonly [Offer, Offer, ...Offer[]]
  /** Null for a backend without spot. */
  readonly spotOffer: Offer | null
  readonly newModel: (clock: TestClock, knobs: FakeKnobs) => CloudModel
  /** The one call that makes the machine. */
  readonly isCreate: Matches
  /** Reads of one machine. */
  readonly isRead: Matches
  /** The call that destroys it. */
  readonly isDestroy: Matches
  readonly errors: readonly ErrorRow[]
  readonly errorReply: (row: Pick<ErrorRow, 'status' | 'code' | 'message'>) => FakeReply
  /** Whether keys, firewalls, scripts … are made for each machine. */
  readonly makesSideObjects: boolean
  /** Bodies that the plan cannot hold, such as a token's: none of its calls. */
  readonly isUnplanned?: Matches
  /** A file that its credentials name; `url` is where its cloud is. None where absent. */
  readonly readFile?: (path: string, url: string) => string | null
  /** Whether it brings an HTTP client of its own, rather than call through its hands. */
  readonly callsByItself?: true
}

/** The rows of a fixture, as JSON holds them. */
export const rowOf = (
  { errors }: Pick<ProvisionerCase, 'errors'>,
  wanted: FailureClass,
): ErrorRow | null =>
  errors.find((row) => row.class === wanted && (row.during ?? 'create') === 'create') ?? null

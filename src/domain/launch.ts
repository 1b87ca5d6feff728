/** Nouns of launching: what a backend's provisioner and the runs tell each other. */

/**
 * What a failed call means for the next step. An adapter decides it in one table; what is in no
 * table is `unknown`, which is never taken for a lack of capacity.
 */
export type FailureClass =
  /** No hardware for this right now: the next offer, and this scope again in minutes. */
  | 'no-capacity'
  /** This very quote was taken or has changed: the next offer. */
  | 'offer-gone'
  /** A limit of the account: skip the scope for hours. */
  | 'quota'
  /** The credentials are good, but not for this region or feature: skip the scope for hours. */
  | 'forbidden'
  /** The credentials are not good: leave the backend alone until they change. */
  | 'auth'
  | 'balance'
  /** The request is wrong, ours or the user's fault: the same everywhere, stop the attempt. */
  | 'invalid'
  /** Wait as told, then the same again. */
  | 'rate-limited'
  /** The same again, a few times. */
  | 'transient'
  /** It may have happened: find out by token, tag or name before anything else. */
  | 'ambiguous'
  /** What was asked about is not there. */
  | 'gone'
  /** A spot machine was taken back. */
  | 'interrupted'
  | 'unknown'

/** What a failure speaks about, and so what is left alone for a while. */
export type FailureScope =
  | 'call'
  | 'attempt'
  | 'offer'
  | 'instance'
  | 'type-zone'
  | 'zone'
  | 'type-region'
  | 'family-region'
  | 'billing-region'
  | 'region'
  | 'backend'

export interface Verdict {
  readonly class: FailureClass
  readonly scope: FailureScope
  /** As the backend spells it; null where it gives none. */
  readonly code: string | null
  /** For a person, without secrets. */
  readonly message: string
  /** How long the backend asks to wait. */
  readonly retryAfterMs: number | null
}

/** How our machines are told from everything else at a backend. */
export interface OwnerTags {
  /** Random, per state file: `[a-z0-9]{8}`. */
  readonly owner: string
  readonly run: string
  /** Lower-case ULID. */
  readonly attempt: string
  /** RFC 3339, UTC: after it, a reaper may remove the machine. */
  readonly expiresAt: string
}

/**
 * `dso-{owner}-{last 12 of attempt}`: valid as a host name everywhere, so that a backend without
 * tags can be searched by name.
 */
export const machineName = ({ owner, attempt }: Pick<OwnerTags, 'owner' | 'attempt'>): string =>
  `dso-${owner}-${attempt.slice(-12)}`

/** Whether a name is one that we gave, of this owner. */
export const isMachineNameOf = (name: string, owner: string): boolean =>
  name.startsWith(`dso-${owner}-`)

export interface InstanceRef {
  readonly backend: string
  /** As the backend gave it. */
  readonly id: string
  /** Null where ids are unique without one. */
  readonly region: string | null
  readonly zone: string | null
}

/** What is made beside a machine, and costs or clutters when forgotten. */
export type SideObjectKind =
  | 'key'
  | 'security-group'
  | 'firewall'
  | 'network-interface'
  | 'address'
  | 'disk'
  | 'script'
  | 'service'
  | 'secret'

export interface SideObject {
  readonly kind: SideObjectKind
  /** As the backend gave it, or the name that it was given by us. */
  readonly id: string
  readonly region: string | null
  /** Serves several machines: removed when the last of the owner is gone. */
  readonly isShared: boolean
}

export type InstancePhase =
  | 'pending'
  | 'running'
  | 'stopping'
  | 'gone'
  | 'failed'
  | 'interrupted'
  | 'unknown'

/** Where something listens, as seen from this machine. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Nouns of serving: what the server tells the gateway, and who may use what. */
import type { Model } from './configuration.ts'

/** A replica that takes requests, at an address that is reached from here. */
export interface ServingReplica {
  /** Of its machine: a replica that was started anew has another one. */
  readonly id: string
  readonly replica: number
  readonly host: string
  readonly port: number
}

export interface Service {
  readonly runId: string
  /** The run's name, which is the host's first label too. */
  readonly run: string
  readonly submittedMs: number
  /** False lets everybody in, but never to its model. */
  readonly auth: boolean
  readonly model: Model | null
  /** Empty while it is scaled to zero or starting. */
  readonly replicas: readonly ServingReplica[]
}

/** Who a valid token belongs to. */
export interface Bearer {
  readonly tokenId: string
  mayUse(run: string): boolean
}

/** Null for a token that is none, was revoked or is missing; the header's value as it came. */
export type IdentifyBearer = (authorization: string | undefined) => Bearer | null

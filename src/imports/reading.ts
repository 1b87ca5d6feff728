/** What reading a document of one backend gives. */
import type { InstanceType, Observation, Offer } from '#domain/offer'

/** What is known of the machines of a backend beside the document; null for an unknown name. */
export interface KnownOffers {
  machine(name: string): InstanceType | null
  /** The least on-demand price in any region. */
  leastNanoUsd(name: string): number | null
}

export interface ReadContext {
  readonly backend: string
  readonly observation: Observation
  readonly known: KnownOffers
}

/** A price as a row gives it, before machines of one name are made one. */
export interface Draft {
  readonly region: string | null
  readonly instanceType: InstanceType
  readonly spot: boolean
  readonly priceNanoUsd: number
}

export interface Reading {
  readonly offers: readonly Offer[]
  readonly rows: number
  /** Rows that do not have the shape of a row, or say what cannot be. */
  readonly malformed: number
  /** Prices that gave no offer, by reason. Reasons are few and constant. */
  readonly rejects: Readonly<Record<string, number>>
  /** What a reader of the report should know: sentences. */
  readonly remarks: readonly string[]
  /** What a reader of the offers should know. */
  readonly notes: readonly string[]
}

export interface Tally {
  readonly counts: Readonly<Record<string, number>>
  malformed(): number
  /** A price that is well written and gives no offer all the same. */
  reject(reason: string): void
  /** A row that cannot be read, or cannot be true. */
  spoilt(reason: string): void
}

export const newTally = (): Tally => {
  const counts: Record<string, number> = {}
  let malformed = 0
  const reject = (reason: string): void => {
    counts[reason] = (counts[reason] ?? 0) + 1
  }
  return {
    counts,
    malformed: () => malformed,
    reject,
    spoilt: (reason) => {
      malformed += 1
      reject(reason)
    },
  }
}

/** Own prices over a catalog: what a `prices.yml` says, read and normalised. */
import type { InstanceType } from '#domain/offer'

/** Which offers a rule is about; null is any. Names are compared without case. */
export interface Selector {
  /** Canonical names. */
  readonly backends: readonly string[] | null
  /** An offer of unknown region is in no list. */
  readonly regions: readonly string[] | null
  /** A name may end in `*`, which stands for any ending. */
  readonly instanceTypes: readonly string[] | null
  readonly gpus: readonly string[] | null
  readonly spot: boolean | null
}

export type OverlayAction =
  /** Millionths of a percent, above 0 and below 100 percent. */
  | { readonly kind: 'discount'; readonly microPercent: number }
  /** Stands in place of the catalog's price. */
  | { readonly kind: 'price'; readonly priceNanoUsd: number }
  | { readonly kind: 'exclude' }

export interface OverlayRule {
  /** Unique in its file. */
  readonly name: string
  readonly file: string
  /** Its place in the file, from 0. */
  readonly index: number
  readonly selector: Selector
  readonly action: OverlayAction
  /** The last day it holds, UTC; null for ever. */
  readonly expires: string | null
  /** Of the rules that select an offer, the heaviest alone decides; of equals, the earlier. */
  readonly weight: number
}

/** An instance type of one's own, at a price. */
export interface PrivateOffer {
  readonly file: string
  readonly index: number
  readonly backend: string
  readonly region: string | null
  readonly instanceType: InstanceType
  readonly spot: boolean
  readonly priceNanoUsd: number
  /** The day the price was true; null: the day of the search. */
  readonly asOf: string | null
  readonly expires: string | null
}

export interface OverlayFile {
  /** The name for messages, and the source of its offers. */
  readonly file: string
  readonly text: string
}

export interface Overlay {
  /** In the order of precedence: the working tree's before the user's. */
  readonly files: readonly OverlayFile[]
  /** In the order of the files. */
  readonly rules: readonly OverlayRule[]
  readonly offers: readonly PrivateOffer[]
}

/** What an overlay did to one offer. */
export interface OverlayStep {
  readonly file: string
  /** The name of the rule; null where the offer is the file's own. */
  readonly rule: string | null
  readonly action: OverlayAction | { readonly kind: 'own' }
  /** The price before; null where it was unknown, or there was no such offer. */
  readonly basePriceNanoUsd: number | null
  /** The price after; null where the offer was excluded. */
  readonly priceNanoUsd: number | null
}

export const isActive = (one: { readonly expires: string | null }, today: string): boolean =>
  one.expires === null || today <= one.expires

import type { CatalogSummary } from '#api/catalog'
import type { Ranking } from '#api/cost'
import type { OverlaidCatalog, OverlaySteps } from '#api/overlay'
import type { Why } from '#api/why'
import type { Configuration } from '#domain/configuration'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'
import type { LiveAsked } from './live-offers.ts'

/** The file that asked. */
export interface Subject {
  /** As the user named it; `standard input` for `-`. */
  readonly file: string
  readonly text: string
  readonly configuration: Configuration
  /** Required variables that are set nowhere. */
  readonly unsetVariables: readonly string[]
}

/** The overlay that an answer was given under, and what it did to the offers shown. */
export interface AnswerOverlay extends Pick<OverlaidCatalog, 'overlay' | 'overlayDigest'> {
  readonly steps: OverlaySteps
}

/** Everything the printers of offers need, whatever the format. */
export interface OffersAnswer {
  /** Null for a search from flags alone. */
  readonly subject: Subject | null
  readonly profileName: string | null
  readonly requirements: Requirements
  readonly catalog: CatalogSummary
  readonly offers: readonly Offer[]
  /** How many offers match, shown or not. */
  readonly matched: number
  readonly nowMs: number
  /** How many were asked for; 0 for all. */
  readonly limit?: number
  readonly overlay?: AnswerOverlay | null
  /** The same offers with what they cost, where that was asked. */
  readonly ranking?: Ranking | null
  readonly why?: Why | null
  /** What markets said that were asked for this answer. */
  readonly live?: LiveAsked | undefined
}

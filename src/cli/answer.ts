import type { CatalogSummary } from '#api/catalog'
import type { Configuration } from '#domain/configuration'
import type { Offer } from '#domain/offer'
import type { Requirements } from '#domain/requirements'

/** The file that asked. */
export interface Subject {
  /** As the user named it; `standard input` for `-`. */
  readonly file: string
  readonly configuration: Configuration
  /** Required variables that are set nowhere. */
  readonly unsetVariables: readonly string[]
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
}

/** What `simulate` has found out, for each way to print it. */
import type { Simulation, SimulatedService, Suggestions, Trace } from '#api/simulate'
import type { Offer } from '#domain/offer'

export interface SimulatedPrice {
  /** Null where it is not known: then no cost is. */
  readonly priceNanoUsd: number | null
  /** Null for a price that was given, and where no offer matches. */
  readonly offer: Offer | null
}

export interface SimulationOutcome {
  readonly file: string
  readonly traceFile: string
  readonly trace: Trace
  readonly service: SimulatedService
  readonly price: SimulatedPrice
  readonly simulation: Simulation
  readonly suggestions: Suggestions
}

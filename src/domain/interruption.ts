/** How often a cloud took spot machines back, where it publishes that. */
import type { Observation } from './offer.ts'

/** Percent of the instances of a type in a region that were interrupted within a month. */
export const interruptionBands = ['0-5', '5-10', '10-15', '15-20', '20-100'] as const

export type InterruptionBand = (typeof interruptionBands)[number]

export const isInterruptionBand = (text: string): text is InterruptionBand =>
  (interruptionBands as readonly string[]).includes(text)

export interface InterruptionRow {
  readonly instanceType: string
  readonly region: string
  readonly band: InterruptionBand
}

/** All that a cloud tells at one time. */
export interface InterruptionList {
  readonly observation: Observation
  readonly rows: readonly InterruptionRow[]
}

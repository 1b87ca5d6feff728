/** The bands of interruption that are known: AWS's, of the last refresh or as they came with the program. */
import {
  embeddedInterruptionPath,
  parseInterruption,
  userInterruptionPath,
} from '#catalog/interruption-file'
import type { InterruptionBand, InterruptionRow } from '#domain/interruption'
import type { Offer } from '#domain/offer'
import type { Environment } from '#platform/environment'
import { readTextFile } from '#platform/text-files'

/** Null where nothing is published of a spot offer. */
export type BandOf = (offer: Offer) => InterruptionBand | null

export interface KnownBands {
  readonly bandOf: BandOf
  /** The day they were seen, as YYYY-MM-DD; null where none are known. */
  readonly seenOn: string | null
}

/** The day of the document that comes with the program; `catalogs/manifest.json` names it. */
export const embeddedBandsSeenOn = '2025-06-28'

const keyOf = (instanceType: string, region: string): string =>
  `${instanceType},${region}`.toLowerCase()

export const bandOfRows = (rows: readonly InterruptionRow[]): BandOf => {
  const bands = new Map(rows.map((row) => [keyOf(row.instanceType, row.region), row.band]))
  return ({ backend, region, spot, instanceType }) =>
    spot && backend === 'aws' && region !== null
      ? (bands.get(keyOf(instanceType.name, region)) ?? null)
      : null
}

/** Nothing known of any offer. */
export const noBands: BandOf = () => null

const refreshAgain = 'fetch them again: dstack-offers catalog refresh -b aws'

/**
 * Those of the user's last refresh, else those that came with the program; without either file
 * nothing is known. Throws `CatalogUnreadableError` where a file is not as it should be.
 */
export const knownBands = (environment: Environment): KnownBands => {
  const own = userInterruptionPath(environment)
  const refreshed = readTextFile(own)
  if (refreshed !== null) {
    const { observation, rows } = parseInterruption(refreshed, own, refreshAgain)
    return { bandOf: bandOfRows(rows), seenOn: observation?.observedAt.slice(0, 10) ?? null }
  }
  const path = embeddedInterruptionPath()
  const text = readTextFile(path)
  if (text === null) return { bandOf: noBands, seenOn: null }
  const { rows } = parseInterruption(text, path, 'build it again: npm run build')
  return { bandOf: bandOfRows(rows), seenOn: embeddedBandsSeenOn }
}

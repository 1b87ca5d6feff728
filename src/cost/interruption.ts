/**
 * How often a cloud took spot machines back, where it publishes that: AWS's share of the instances
 * of a type in a region that were interrupted within a month, in bands.
 */
import { join } from 'node:path'
import { CatalogUnreadableError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import { packageRoot } from '#platform/package-root'
import { readTextFile } from '#platform/text-files'

/** Percent of instances interrupted within a month. */
export const interruptionBands = ['0-5', '5-10', '10-15', '15-20', '20-100'] as const

export type InterruptionBand = (typeof interruptionBands)[number]

/** Null where nothing is published of a spot offer. */
export type BandOf = (offer: Offer) => InterruptionBand | null

export const interruptionColumns = 'instance_type,region,band'

const isBand = (text: string): text is InterruptionBand =>
  (interruptionBands as readonly string[]).includes(text)

const keyOf = (instanceType: string, region: string): string =>
  `${instanceType},${region}`.toLowerCase()

/** Reads what was embedded. Throws `CatalogUnreadableError` where a line is not as it should be. */
export const parseInterruption = (text: string, file: string): BandOf => {
  const [header, ...lines] = text.trimEnd().split('\n')
  const refuse = (why: string): CatalogUnreadableError =>
    new CatalogUnreadableError(`"${file}": ${why}`, { hint: 'build it again: npm run build' })
  if (header !== interruptionColumns) throw refuse(`the header is not "${interruptionColumns}"`)
  const bands = new Map<string, InterruptionBand>()
  for (const line of lines) {
    const [instanceType, region, band] = line.split(',')
    if (!instanceType || !region || !band || !isBand(band)) throw refuse(`"${line}" is no band`)
    bands.set(keyOf(instanceType, region), band)
  }
  return ({ backend, region, spot, instanceType }) =>
    spot && backend === 'aws' && region !== null
      ? (bands.get(keyOf(instanceType.name, region)) ?? null)
      : null
}

/** Nothing known of any offer. */
export const noBands: BandOf = () => null

/** The bands that come with the program; where the file is missing, nothing is known. */
export const embeddedBands = (): BandOf => {
  const path = join(packageRoot(), 'dist', 'interruption.csv')
  const text = readTextFile(path)
  return text === null ? noBands : parseInterruption(text, path)
}

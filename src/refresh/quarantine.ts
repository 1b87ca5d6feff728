/** Data that was not believed, kept aside for a person to look at and take. */
import { join } from 'node:path'
import type { BackendOffers } from '#catalog/replace'
import type { Offer } from '#domain/offer'
import { CatalogUnreadableError } from '#domain/errors'
import { orUnwritable } from './catalog-file.ts'
import { makeAside } from '#platform/derived-files'
import { readTextFile, removeTree, writeTextFile } from '#platform/text-files'

export interface Quarantined extends BackendOffers {
  readonly why: readonly string[]
}

const format = 1

const fileOf = (home: string, backend: string): string =>
  join(home, 'quarantine', `${backend}.json`)

export const putInQuarantine = (home: string, quarantined: Quarantined): void => {
  const file = fileOf(home, quarantined.backend)
  orUnwritable(file, () =>
    makeAside(file, (aside) => {
      writeTextFile(aside, `${JSON.stringify({ format, ...quarantined })}\n`)
    }),
  )
}

export const leaveQuarantine = (home: string, backend: string): void =>
  removeTree(fileOf(home, backend))

const isQuarantined = (value: unknown, backend: string): value is Quarantined =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  value.format === format &&
  'backend' in value &&
  value.backend === backend &&
  'offers' in value &&
  Array.isArray(value.offers) &&
  'notes' in value &&
  Array.isArray(value.notes) &&
  'why' in value &&
  Array.isArray(value.why)

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Null where nothing of that backend is kept. Throws CatalogUnreadableError for a file of another kind. */
export const readQuarantined = (home: string, backend: string): Quarantined | null => {
  const file = fileOf(home, backend)
  const text = readTextFile(file)
  if (text === null) return null
  const value = parsed(text)
  if (isQuarantined(value, backend)) return value
  throw new CatalogUnreadableError(`"${file}" holds no offers of "${backend}" kept aside`, {
    hint: 'remove it; the next refresh judges the backend anew',
  })
}

/** When the newest of the offers was seen. */
export const newestOf = (offers: readonly Offer[]): string | null => {
  let newest: string | null = null
  for (const { observation } of offers) {
    if (newest === null || observation.observedAt > newest) newest = observation.observedAt
  }
  return newest
}

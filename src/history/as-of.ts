/** The catalog as it was on a day, in a file of its own, made once and then found again. */
import { guarded, openCatalogFile, openWritableCatalogFile } from '#catalog/database'
import { embeddedCatalogPath } from '#catalog/location'
import { migrations } from '#catalog/migrations/all'
import { type BackendOffers, replaceBackends } from '#catalog/replace'
import { type ShelvedBackend, shelvedBackends } from '#catalog/shelf'
import { ArgumentError, HistoryMissingError } from '#domain/errors'
import { noRequirements } from '#domain/requirements'
import { type Catalog, openCatalog } from '#offers/catalog'
import { dayOf, isDay } from '#platform/day'
import { digestLines } from '#platform/digest'
import type { Environment } from '#platform/environment'
import { cacheHome } from '#platform/home'
import { printInstant } from '#platform/http-time'
import type { Sqlite } from '#platform/sqlite'
import { derivedFile, type Write } from './derived-file.ts'
import {
  cutGenerations,
  firstGenerations,
  type Generation,
  lastGenerations,
} from './generations.ts'
import { backendOffersAt } from './held.ts'
import { historyPlaces } from './location.ts'
import { endOfDay } from './moment.ts'
import { withHistory } from './open.ts'

/** Grows when the same records give another catalog than before. */
const recipe = 1

export interface AsOfOptions {
  /** Says where the history is, and where the catalog of the day is kept. */
  readonly environment: Environment
  readonly nowMs: number
  /** The catalog that comes with the program, by default. */
  readonly embeddedPath?: string
}

export interface AsOfCatalog {
  readonly catalog: Catalog
  /** Backends of which no price is known that was seen by then. */
  readonly unknown: readonly string[]
}

interface Chosen {
  readonly recorded: readonly Generation[]
  readonly embedded: readonly ShelvedBackend[]
  readonly unknown: readonly string[]
}

const refuseDay = (day: string, nowMs: number): void => {
  if (!isDay(day)) {
    throw new ArgumentError(`--as-of "${day}" is no day`, { hint: 'such as 2026-11-01' })
  }
  if (day > dayOf(nowMs)) {
    throw new ArgumentError(`--as-of "${day}" lies in the future`, {
      hint: `days are those of UTC: today is ${dayOf(nowMs)}`,
    })
  }
}

const refuseBefore = (database: Sqlite, day: string): void => {
  const first = Math.min(...firstGenerations(database).map(({ recordedAt }) => recordedAt))
  if (endOfDay(day) >= first) return
  throw new HistoryMissingError(`no price was recorded by "${day}"`, {
    hint: `the first day is ${dayOf(first * 1000)}`,
  })
}

const embeddedBackends = (path: string): readonly ShelvedBackend[] => {
  const database = openCatalogFile(path)
  try {
    return guarded(path, () => shelvedBackends(database))
  } finally {
    database.close()
  }
}

/** Of each backend what was seen last by then, as with the catalogs of today. */
const choose = (database: Sqlite, day: string, embeddedPath: string): Chosen => {
  const embedded = embeddedBackends(embeddedPath)
  const byThen = embedded.filter(({ newest }) => newest.slice(0, 10) <= day)
  const recorded = lastGenerations(database, endOfDay(day)).filter((generation) => {
    const rival = byThen.find(({ name }) => name === generation.backend)
    return rival === undefined || observedAt(database, generation) >= rival.newest
  })
  const isRecorded = ({ name }: { name: string }): boolean =>
    recorded.some(({ backend }) => backend === name)
  const forgotten = cutGenerations(database).filter((one) => one.recordedAt > endOfDay(day))
  const isForgotten = ({ name }: { name: string }): boolean =>
    forgotten.some(({ backend }) => backend === name)
  const kept = byThen.filter((one) => !isRecorded(one) && !isForgotten(one))
  const known = new Set([...recorded.map(({ backend }) => backend), ...kept.map((one) => one.name)])
  const all = [
    ...embedded.map((one) => one.name),
    ...lastGenerations(database).map((one) => one.backend),
  ]
  return { recorded, embedded: kept, unknown: [...new Set(all)].filter((one) => !known.has(one)) }
}

const observedAt = (database: Sqlite, { id }: Generation): string => {
  const seconds = database
    .prepare<[number], number | null>('SELECT observed_at FROM generation WHERE id = ?')
    .pluck()
    .get(id)
  return seconds === null || seconds === undefined ? '' : printInstant(seconds * 1000)
}

const keyOf = ({ recorded, embedded }: Chosen): string =>
  digestLines([
    `recipe ${recipe}`,
    ...migrations,
    ...recorded.map(({ backend, digest }) => `recorded ${backend} ${digest}`),
    ...embedded.map(({ name, digest }) => `embedded ${name} ${digest}`),
  ])

function* offersOf(
  database: Sqlite,
  { recorded, embedded }: Chosen,
  base: Catalog,
): Generator<BackendOffers> {
  for (const generation of recorded) yield backendOffersAt(database, generation)
  const listed = new Map(base.listing().backends.map(({ backend, notes }) => [backend, notes]))
  for (const { name: backend } of embedded) {
    const offers = base.first({ ...noRequirements, backends: [backend] }, 0)
    yield { backend, offers, notes: listed.get(backend) ?? [] }
  }
}

/**
 * The catalog as it was at the end of a day, in UTC. A backend without a record by then stands as the
 * embedded catalog has it, where that was seen by then; one whose record of then was forgotten is
 * unknown. Throws ArgumentError for a day that is none
 * or is yet to come, and HistoryMissingError, naming the first day, for one before all records.
 */
export const catalogAsOf = (
  day: string,
  { environment, nowMs, embeddedPath = embeddedCatalogPath() }: AsOfOptions,
): AsOfCatalog => {
  refuseDay(day, nowMs)
  return withHistory(historyPlaces(environment), (database) => {
    refuseBefore(database, day)
    const chosen = choose(database, day, embeddedPath)
    const write: Write = (path) => {
      const base = openCatalog({ path: embeddedPath })
      const made = openWritableCatalogFile(path)
      try {
        guarded(path, () => replaceBackends(made, offersOf(database, chosen, base)))
      } finally {
        made.close()
        base.close()
      }
    }
    const catalog = derivedFile(cacheHome(environment), keyOf(chosen), write)
    return { catalog, unknown: chosen.unknown }
  })
}

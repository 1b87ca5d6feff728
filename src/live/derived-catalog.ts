/** The catalog with live offers in it, in a file of its own. */
import { join } from 'node:path'
import { isSought } from '#backends/kit/sought'
import { guarded, openWritableCatalogFile } from '#catalog/database'
import { type BackendOffers, replaceBackends } from '#catalog/replace'
import { CatalogMissingError, CatalogUnreadableError } from '#domain/errors'
import type { Offer } from '#domain/offer'
import { noRequirements } from '#domain/requirements'
import { version } from '#domain/version'
import { type Catalog, openCatalog } from '#offers/catalog'
import { baseOffers, listedBackends } from '#overlay/base-offers'
import { isUnwritable, makeAside, makeTemporaryFolder, prune } from '#platform/derived-files'
import { digestLines } from '#platform/digest'
import type { Environment } from '#platform/environment'
import { cacheHome } from '#platform/home'
import type { LiveAnswer } from './ask.ts'

const prefix = 'live-'

/** Files kept: the last few answers can be looked at again. */
const keptFiles = 4

/** What came, and the rows before that were not asked for: of a machine that came too, as it is now. */
const merged = ({ before, offers, sought }: LiveAnswer): readonly Offer[] => {
  if (sought === null) return offers
  const ids = new Set(offers.map(({ id }) => id))
  const machines = new Map(offers.map(({ instanceType }) => [instanceType.name, instanceType]))
  const kept = before
    .filter((offer) => !isSought(offer, sought) && !ids.has(offer.id))
    .map((offer) => ({
      ...offer,
      instanceType: machines.get(offer.instanceType.name) ?? offer.instanceType,
    }))
  return [...offers, ...kept]
}

const liveBackend = (answer: LiveAnswer): BackendOffers => {
  const { name: backend, notes } = answer.backend
  const importer = `importer ${backend} of dstack-offers ${version}, live`
  return { backend, notes, importer, offers: merged(answer) }
}

/** Copies the first file of a catalog, and names the backends that others answer for. */
const copyFirst = (base: Catalog, path: string): readonly string[] => {
  let isFirst = true
  const others = base.readFiles(noRequirements, (database, { backends }) => {
    if (!isFirst) return backends ?? []
    isFirst = false
    database.prepare('VACUUM INTO ?').run(path)
    return []
  })
  return others.flat()
}

/** What changes is written anew, and all else comes with the copy. */
function* changedBackends(
  base: Catalog,
  answers: readonly LiveAnswer[],
  others: readonly string[],
): Generator<BackendOffers> {
  const live = new Set(answers.map(({ backend }) => backend.name))
  const listed = listedBackends(base)
  for (const backend of others) {
    if (live.has(backend)) continue
    yield { backend, offers: baseOffers(base, backend).offers, notes: listed.get(backend) ?? [] }
  }
  for (const answer of answers) yield liveBackend(answer)
}

const keyOf = (base: Catalog, answers: readonly LiveAnswer[]): string =>
  digestLines([
    base.summary().digest,
    ...answers.map(({ backend, sought, offers }) => JSON.stringify([backend.name, sought, offers])),
  ])

const write = (path: string, base: Catalog, answers: readonly LiveAnswer[]): void => {
  const others = copyFirst(base, path)
  const database = openWritableCatalogFile(path)
  try {
    guarded(path, () => replaceBackends(database, changedBackends(base, answers, others)))
  } finally {
    database.close()
  }
}

/** Where there is no place to keep it, it is made for this process alone. */
const withoutCache = (base: Catalog, answers: readonly LiveAnswer[]): Catalog => {
  const temporary = makeTemporaryFolder()
  try {
    const path = join(temporary.path, `${prefix}once.sqlite`)
    write(path, base, answers)
    const catalog = openCatalog({ path })
    const close = (): void => {
      catalog.close()
      temporary.remove()
    }
    return { ...catalog, close }
  } catch (error) {
    temporary.remove()
    throw error
  }
}

const isNoCatalog = (error: unknown): boolean =>
  error instanceof CatalogMissingError || error instanceof CatalogUnreadableError

/** Reads `base`, and leaves it open. */
export const liveCatalogFile = (
  base: Catalog,
  answers: readonly LiveAnswer[],
  environment: Environment,
): Catalog => {
  const folder = cacheHome(environment)
  const path = join(folder, `${prefix}${keyOf(base, answers).slice(0, 32)}.sqlite`)
  try {
    makeAside(path, (aside) => write(aside, base, answers))
  } catch (error) {
    if (isUnwritable(error) || isNoCatalog(error)) return withoutCache(base, answers)
    throw error
  }
  // Open before others may prune it.
  const catalog = openCatalog({ path })
  prune(folder, prefix, keptFiles)
  return catalog
}

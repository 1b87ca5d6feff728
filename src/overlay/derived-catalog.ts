/** The catalog as it is under an overlay, in a file of its own, made once and then found again. */
import { join } from 'node:path'
import { CatalogMissingError, CatalogUnreadableError } from '#domain/errors'
import {
  isUnwritable,
  makeAside,
  makeTemporaryFolder,
  markUsed,
  prune,
} from '#platform/derived-files'
import { digestLines } from '#platform/digest'
import type { Environment } from '#platform/environment'
import { systemFiles } from '#platform/files'
import { cacheHome } from '#platform/home'
import { guarded, openWritableCatalogFile } from '#catalog/database'
import { migrations } from '#catalog/migrations/all'
import { replaceBackends } from '#catalog/replace'
import { type Catalog, openCatalog } from '#offers/catalog'
import { privateOfferLine, ruleLine } from './digest.ts'
import { isActive, type Overlay } from './overlay.ts'
import { overlaidBackends } from './overlaid-backends.ts'

/** Grows when the same overlay gives another catalog than before. */
const recipe = 1

const prefix = 'overlaid-'

/** Files kept: a few working trees, each with today's catalog and yesterday's. */
const keptFiles = 8

export interface Derived {
  readonly catalog: Catalog
  /** Whether the file was there already. */
  readonly reused: boolean
}

interface Derivation {
  readonly base: Catalog
  readonly overlay: Overlay
  readonly today: string
}

/** Names what a derived catalog is made of: equal keys, equal catalogs. */
const derivationKey = ({ base, overlay, today }: Derivation): string => {
  const rules = overlay.rules.filter((rule) => isActive(rule, today))
  const offers = overlay.offers.filter((offer) => isActive(offer, today))
  return digestLines([
    `recipe ${recipe}`,
    ...migrations,
    base.summary().digest,
    ...rules.map(ruleLine),
    ...offers.map(privateOfferLine),
    ...(offers.some(({ asOf }) => asOf === null) ? [today] : []),
  ])
}

/** Opens the derived catalog of the cache folder, making it first where it is not there. */
export const derivedCatalog = (derivation: Derivation, environment: Environment): Derived => {
  const folder = cacheHome(environment)
  const path = join(folder, `${prefix}${derivationKey(derivation).slice(0, 32)}.sqlite`)
  const found = openWhereSound(path)
  if (found) {
    markUsed(path)
    return { catalog: found, reused: true }
  }
  try {
    makeAside(path, (aside) => write(aside, derivation))
    prune(folder, prefix, keptFiles)
    return { catalog: openCatalog({ path }), reused: false }
  } catch (error) {
    if (isUnwritable(error) || isNoCatalog(error)) return withoutCache(derivation)
    throw error
  }
}

const isNoCatalog = (error: unknown): boolean =>
  error instanceof CatalogMissingError || error instanceof CatalogUnreadableError

/** Null where there is none, or a damaged one, which is then made anew. */
const openWhereSound = (path: string): Catalog | null => {
  if (!systemFiles.exists(path)) return null
  try {
    return openCatalog({ path })
  } catch (error) {
    if (isNoCatalog(error)) return null
    throw error
  }
}

const write = (path: string, { base, overlay, today }: Derivation): void => {
  const database = openWritableCatalogFile(path)
  try {
    guarded(path, () => replaceBackends(database, overlaidBackends(base, overlay, today)))
  } finally {
    database.close()
  }
}

/** Where there is no place to keep it, it is made for this process alone. */
const withoutCache = (derivation: Derivation): Derived => {
  const temporary = makeTemporaryFolder()
  try {
    const path = join(temporary.path, `${prefix}once.sqlite`)
    write(path, derivation)
    const catalog = openCatalog({ path })
    const close = (): void => {
      catalog.close()
      temporary.remove()
    }
    return { catalog: { ...catalog, close }, reused: false }
  } catch (error) {
    temporary.remove()
    throw error
  }
}

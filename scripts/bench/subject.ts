/** A catalog under measurement, and what is asked of it. */
import { isDeepStrictEqual } from 'node:util'
import type { Requirements } from '#domain/requirements'
import { type Catalog, openCatalog } from '#offers/catalog'
import { bruteForce } from './brute-force.ts'
import type { CatalogFile } from './catalog-file.ts'
import type { OfferColumns } from './columns.ts'
import { type RequirementSet, requirementSets } from './requirement-sets.ts'

export interface Subject {
  readonly label: string
  readonly catalog: Catalog
  readonly sets: readonly RequirementSet[]
}

export const limit = 50

/** Opens the catalog and checks its answer to every set. Throws at the first that is wrong. */
export const verifiedSubject = ({ label, path, columns }: CatalogFile): Subject => {
  const catalog = openCatalog({ path, environment: {} })
  const sets = requirementSets(tenOf(catalog.instanceTypes()))
  for (const { requirements } of sets) requireRight(catalog, columns, requirements, limit)
  return { label, catalog, sets }
}

const tenOf = (names: readonly string[]): readonly string[] =>
  Array.from({ length: 10 }, (_, tenth) => names[Math.floor((tenth * names.length) / 10)] ?? '')

/** Throws unless the search and the count equal those of a scan of all offers. */
export const requireRight = (
  catalog: Catalog,
  columns: OfferColumns,
  requirements: Requirements,
  most: number,
): { readonly matched: number } => {
  const expected = bruteForce(columns, requirements, most)
  const found = catalog.search(requirements, { limit: most })
  if (found.matched !== expected.matched || !isDeepStrictEqual(found.offers, expected.offers)) {
    throw new Error(`wrong answer to ${JSON.stringify(requirements)}`)
  }
  return expected
}

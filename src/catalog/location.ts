import { join } from 'node:path'
import type { Environment } from '#platform/environment'
import { dataHome } from '#platform/home'
import { packageRoot } from '#platform/package-root'

/** The catalog that comes with the program, compiled from `catalogs/` when it was built. */
export const embeddedCatalogPath = (): string => join(packageRoot(), 'dist', 'catalog.sqlite')

/** The catalog of the user, where there is one. */
export const userCatalogPath = (environment: Environment): string =>
  join(dataHome(environment), 'catalog.sqlite')

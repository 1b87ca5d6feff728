import { resolve } from 'node:path'
import type { Catalog } from '#api/catalog'
import { ArgumentError } from '#domain/errors'
import type { Environment } from '#platform/environment'

/** Opens the catalog at a path, else the embedded one with the user's. */
export type OpenCatalog = (path: string | undefined) => Promise<Catalog>

/** Loads the catalog room only when a catalog is asked for. */
export const catalogOpener =
  (environment: Environment, cwd: string): OpenCatalog =>
  async (path) => {
    if (path === '') throw new ArgumentError('--catalog "" names no file')
    const { openCatalog } = await import('#api/catalog')
    return openCatalog({
      environment,
      ...(path === undefined ? {} : { path: resolve(cwd, path) }),
    })
  }

import { openCatalogFile } from '#catalog/database'
import { assignBackends, type ShelvedBackend, shelvedBackends } from '#catalog/shelf'
import { systemFiles } from '#platform/files'

const shelfOf = (path: string): readonly ShelvedBackend[] => {
  const database = openCatalogFile(path)
  try {
    return shelvedBackends(database)
  } finally {
    database.close()
  }
}

/** Of each backend, what a search over these files answers from. Files that are not there are none. */
export const answeringBackends = (
  paths: readonly string[],
): ReadonlyMap<string, ShelvedBackend> => {
  const shelves = paths.filter((path) => systemFiles.exists(path)).map(shelfOf)
  return new Map(
    assignBackends(shelves)
      .flat()
      .map((backend) => [backend.name, backend]),
  )
}

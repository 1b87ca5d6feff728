import { join } from 'node:path'
import { CatalogMissingError } from '#domain/errors'
import { systemFiles } from '#platform/files'
import { manifestName, mostManifestBytes, snapshotName } from './published-files.ts'
import type { PublishedSource } from './source.ts'

/** A folder of this machine, such as a mount or what an export has just written. */
export const folderSource = (path: string): PublishedSource => ({
  manifest: async () => {
    const file = join(path, manifestName)
    if (!systemFiles.exists(file)) {
      throw new CatalogMissingError(`there is no published catalog at "${path}"`, {
        hint: 'give the folder that dstack-offers catalog export has written',
      })
    }
    return { sealed: systemFiles.readText(file, mostManifestBytes), believe: () => undefined }
  },
  snapshots: (mostBytes) => async (sha256) =>
    systemFiles.readText(join(path, snapshotName(sha256)), mostBytes),
  close: async () => undefined,
})

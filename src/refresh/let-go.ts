/** Machines of one's own belong to the catalog as long as something says where they are. */
import type { Backend } from '#backends/kit/importer'
import { changesOf } from './changes.ts'
import type { BackendShelf } from './refresh-backend.ts'
import type { Changes } from './report.ts'

interface LetGo {
  readonly changes: Changes
  readonly why: string
}

/** Begins alike in every version of the program. */
const importerOf = (backend: string): string => `importer ${backend} of dstack-offers`

/**
 * Takes a backend's machines out once nothing names an inventory of them: nothing could be launched
 * there, and what costs nothing would rank first. An inventory that is named and cannot be read is a
 * fault and takes nothing away, and neither does a want of credentials; what was imported or pulled
 * from others stays too. Null where there is nothing to let go.
 */
export const letGo = async (
  { name: backend, notes }: Backend,
  shelf: Pick<BackendShelf, 'held' | 'importer' | 'put'>,
  dryRun: boolean,
): Promise<LetGo | null> => {
  const importer = shelf.importer(backend)
  if (importer?.startsWith(importerOf(backend)) !== true) return null
  const held = shelf.held(backend)
  if (held.length === 0) return null
  if (!dryRun) await shelf.put({ backend, offers: [], notes, importer })
  const offers = held.length === 1 ? 'offer' : 'offers'
  return {
    changes: changesOf(held, []),
    why: `its ${held.length} ${offers} ${dryRun ? 'would be' : 'were'} taken out of the catalog`,
  }
}

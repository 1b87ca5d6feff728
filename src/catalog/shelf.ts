/** One backend in one catalog file, as far as choosing between files needs to know it. */
import type { Sqlite } from '#platform/sqlite'

export interface ShelvedBackend {
  readonly name: string
  readonly digest: string
  readonly offers: number
  /** When its newest and its oldest price were seen; RFC 3339 UTC. */
  readonly newest: string
  readonly oldest: string
}

export const shelvedBackends = (database: Sqlite): readonly ShelvedBackend[] =>
  database
    .prepare<[], ShelvedBackend>(
      'SELECT name, digest, offers, oldest, newest FROM backend ORDER BY id',
    )
    .all()

/**
 * Which file answers for which backend: the one that saw it last; of equals, the later file.
 * One set of names per file.
 */
export const assignBackends = (
  files: readonly (readonly ShelvedBackend[])[],
): readonly (readonly ShelvedBackend[])[] => {
  const chosen = new Map<string, ShelvedBackend>()
  for (const backend of files.flat()) {
    const rival = chosen.get(backend.name)
    if (!rival || backend.newest >= rival.newest) chosen.set(backend.name, backend)
  }
  return files.map((backends) => backends.filter((backend) => chosen.get(backend.name) === backend))
}

import { statSync } from 'node:fs'

/**
 * Which file has a name: another text where another one has taken its place, null where there is
 * none. A file that somebody still holds open keeps its own, so no new one ever gets it meanwhile.
 */
export const fileIdentity = (path: string): string | null => {
  const stat = statSync(path, { throwIfNoEntry: false, bigint: true })
  return stat === undefined ? null : `${stat.dev}:${stat.ino}`
}

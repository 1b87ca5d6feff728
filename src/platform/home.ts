import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from './environment.ts'

/**
 * Where a user's data lie: `$DSTACK_OFFERS_HOME`, else `dstack-offers` in the XDG data folder.
 * The folder need not exist.
 */
export const dataHome = (environment: Environment): string => {
  const own = environment['DSTACK_OFFERS_HOME']
  if (own) return own
  const xdg = environment['XDG_DATA_HOME']
  // The XDG specification has relative paths ignored.
  const base = xdg?.startsWith('/')
    ? xdg
    : join(environment['HOME'] || homedir(), '.local', 'share')
  return join(base, 'dstack-offers')
}

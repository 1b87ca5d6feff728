import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from './environment.ts'

/** A folder of ours under an XDG base folder. `$DSTACK_OFFERS_HOME`, where set, holds everything. */
const xdgFolder = (
  environment: Environment,
  { variable, fallback }: { variable: string; fallback: readonly string[] },
): string => {
  const xdg = environment[variable]
  // The XDG specification has relative paths ignored.
  const base = xdg?.startsWith('/') ? xdg : join(environment['HOME'] || homedir(), ...fallback)
  return join(base, 'dstack-offers')
}

/**
 * Where a user's data lie: `$DSTACK_OFFERS_HOME`, else `dstack-offers` in the XDG data folder.
 * The folder need not exist.
 */
export const dataHome = (environment: Environment): string =>
  environment['DSTACK_OFFERS_HOME'] ||
  xdgFolder(environment, { variable: 'XDG_DATA_HOME', fallback: ['.local', 'share'] })

/** Where a user's settings lie: `$DSTACK_OFFERS_HOME`, else under the XDG configuration folder. */
export const configurationHome = (environment: Environment): string =>
  environment['DSTACK_OFFERS_HOME'] ||
  xdgFolder(environment, { variable: 'XDG_CONFIG_HOME', fallback: ['.config'] })

/** What can be made again lies here: `$DSTACK_OFFERS_HOME/cache`, else under the XDG cache folder. */
export const cacheHome = (environment: Environment): string => {
  const own = environment['DSTACK_OFFERS_HOME']
  if (own) return join(own, 'cache')
  return xdgFolder(environment, { variable: 'XDG_CACHE_HOME', fallback: ['.cache'] })
}

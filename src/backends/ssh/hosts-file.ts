/** Where the hosts stand. */
import { join } from 'node:path'
import type { Environment } from '#platform/environment'
import { systemFiles } from '#platform/files'
import { configurationHome } from '#platform/home'

export const hostsVariable = 'DSTACK_OFFERS_SSH_HOSTS'

/** The file that the variable names, there or not, else the usual one where there is one; or null. */
export const hostsFile = (environment: Environment): string | null => {
  const named = environment[hostsVariable]?.trim()
  if (named) return named
  const usual = join(configurationHome(environment), 'hosts.yml')
  return systemFiles.exists(usual) ? usual : null
}

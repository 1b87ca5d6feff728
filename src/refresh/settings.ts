/** What a user sets for single backends: `refresh.yml` in the configuration folder. */
import { join } from 'node:path'
import { mostBytes } from '#configuration/find'
import { readText } from '#configuration/read-text'
import type { Environment } from '#platform/environment'
import type { Files } from '#platform/files'
import { configurationHome } from '#platform/home'
import type { BoundsByBackend } from './bounds.ts'
import { checkSettings } from './settings-schema.ts'

export interface RefreshSettings {
  /** Addresses by the name of the variable that would set them. */
  readonly endpoints: Readonly<Record<string, string>>
  readonly bounds: BoundsByBackend
}

/** Throws ConfigurationError with everything that is wrong. */
export const readSettings = (
  text: string,
  { file, backends }: { readonly file: string; readonly backends: readonly string[] },
): RefreshSettings => readText(text, file, (value) => checkSettings(value, backends))

/** Throws ConfigurationError or UnreadableError. Without a file nothing is set. */
export const loadSettings = (
  files: Pick<Files, 'exists' | 'readText'>,
  environment: Environment,
  backends: readonly string[],
): RefreshSettings => {
  const file = join(configurationHome(environment), 'refresh.yml')
  if (!files.exists(file)) return { endpoints: {}, bounds: {} }
  return readSettings(files.readText(file, mostBytes), { file, backends })
}

/** The environment with the addresses of the settings; a variable that is set goes before them. */
export const withEndpoints = (
  environment: Environment,
  { endpoints }: Pick<RefreshSettings, 'endpoints'>,
): Environment => {
  const given = Object.entries(environment).filter(([, value]) => value?.trim())
  return { ...environment, ...endpoints, ...Object.fromEntries(given) }
}

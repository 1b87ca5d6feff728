/** What an argument of `catalog import` stands for. */
import { resolve } from 'node:path'
import { ArgumentError } from '#domain/errors'
import type { Environment } from '#platform/environment'
import { systemFiles } from '#platform/files'
import type { Downloads } from '#platform/http-download'
import { fewAtOnce } from './few-at-once.ts'
import { findInFile, findInFolder } from './local.ts'
import { findOwnCatalog } from './own-format.ts'
import { printArgument } from './print-argument.ts'
import { findPublished } from './published.ts'
import { findAtAddress } from './remote.ts'
import type { Found, FoundOwn } from './source-file.ts'

export interface Whereabouts {
  readonly argument: string
  /** Relative paths start here. */
  readonly cwd: string
  readonly environment: Environment
}

const isPublished = (argument: string): argument is 'gpuhunt' | 'skypilot' =>
  argument === 'gpuhunt' || argument === 'skypilot'

const addressOf = (argument: string): URL | null =>
  /^https?:\/\//i.test(argument) && URL.canParse(argument) ? new URL(argument) : null

/** The path an argument names; throws ArgumentError where nothing is there. */
const pathOf = ({ argument, cwd }: Whereabouts): string => {
  const path = resolve(cwd, argument)
  if (systemFiles.exists(path)) return path
  throw new ArgumentError(`"${printArgument(argument)}" is no file or folder`, {
    hint: 'give gpuhunt, skypilot, a file, a folder, or an address that begins with https://',
  })
}

/**
 * A name that is published comes before a file of that name: that one is `./gpuhunt`. Throws
 * ArgumentError for what is no catalog, saying what was looked for.
 */
export const findDocuments = async (
  where: Whereabouts,
  downloads: () => Downloads,
): Promise<Found | FoundOwn> => {
  const { argument, environment } = where
  if (isPublished(argument)) return findPublished(argument, environment, fewAtOnce(downloads()))
  const url = addressOf(argument)
  if (url !== null) return findAtAddress(url, fewAtOnce(downloads()))
  const path = pathOf(where)
  const own = findOwnCatalog(argument, path)
  if (own !== null) return { own, close: () => Promise.resolve() }
  return systemFiles.isDirectory(path) ? findInFolder(argument, path) : findInFile(argument, path)
}

/** What was made of great files, on disk: a list of hundreds of MB is not fetched twice in one version. */
import { join } from 'node:path'
import type { Readings } from '#backends/kit/io'
import { version } from '#domain/version'
import { makeAside } from '#platform/derived-files'
import { digestLines } from '#platform/digest'
import { readTextFile, writeTextFile } from '#platform/text-files'

const isKept = (value: unknown): value is { readonly of: unknown; readonly made: unknown } =>
  typeof value === 'object' && value !== null && 'of' in value && 'made' in value

/** Another version of the program may make something else of it. */
const ofAddress = (address: string): string => `${address} by ${version}`

/** Losing them costs a download: what is broken or cannot be read is not there. */
export const keptReadings = (folder: string): Readings => {
  const fileOf = (list: string): string => join(folder, `${digestLines([list])}.json`)
  return {
    get: (list, address) => {
      try {
        const value: unknown = JSON.parse(readTextFile(fileOf(list)) ?? 'null')
        return isKept(value) && value.of === ofAddress(address) ? value.made : null
      } catch {
        return null
      }
    },
    put: (list, address, made) => {
      try {
        const text = JSON.stringify({ of: ofAddress(address), made })
        makeAside(fileOf(list), (aside) => writeTextFile(aside, text))
      } catch {
        // A disk that takes no more must not stop a refresh that has its answer.
      }
    },
  }
}

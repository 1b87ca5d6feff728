/** What is known of a published catalog from earlier pulls; without it there is no order of times. */
import { join } from 'node:path'
import { CatalogUnreadableError } from '#domain/errors'
import { makeAside } from '#platform/derived-files'
import { digestLines } from '#platform/digest'
import { readTextFile, writeTextFile } from '#platform/text-files'
import { parseJson } from './parse-json.ts'

export interface Remembered {
  readonly key: string
  /** The highest one seen, and the digest of its manifest. */
  readonly sequence: number
  readonly manifest: string
  /** Backend -> sha256 of the text that was taken last. */
  readonly snapshots: Readonly<Record<string, string>>
}

const format = 1

/** Beside the catalog: one file per published catalog. */
export const rememberedFile = (home: string, source: string): string =>
  join(home, 'pulled', `${digestLines([source])}.json`)

const isRemembered = (value: unknown, source: string): value is Remembered =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  value.format === format &&
  'source' in value &&
  value.source === source &&
  'key' in value &&
  typeof value.key === 'string' &&
  'sequence' in value &&
  typeof value.sequence === 'number' &&
  'manifest' in value &&
  typeof value.manifest === 'string' &&
  'snapshots' in value &&
  typeof value.snapshots === 'object' &&
  value.snapshots !== null

/** Null before the first pull. Throws CatalogUnreadableError: what cannot be read is not forgotten. */
export const recall = (home: string, source: string): Remembered | null => {
  const file = rememberedFile(home, source)
  const text = readTextFile(file)
  if (text === null) return null
  const value = parseJson(text)
  if (isRemembered(value, source)) return value
  throw new CatalogUnreadableError(`"${file}" does not tell which catalog was pulled last`, {
    hint: 'remove it to start over, which trusts the server not to go back in time',
  })
}

export const remember = (home: string, source: string, remembered: Remembered): void => {
  const { key, sequence, manifest, snapshots } = remembered
  makeAside(rememberedFile(home, source), (aside) => {
    const document = { format, source, key, sequence, manifest, snapshots }
    writeTextFile(aside, `${JSON.stringify(document, null, 2)}\n`)
  })
}

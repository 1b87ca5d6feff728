/**
 * A snapshot: offers as text, so that a change of price is one line of a diff. A directory holds
 * `manifest.json` and, per backend, `instance-types.csv` and `prices.csv`. The same offers give the
 * same bytes.
 */
import { CatalogMissingError, CatalogUnreadableError, ImportRejectedError } from '#domain/errors'
import { offerId, type InstanceType, type Offer } from '#domain/offer'
import { digestLines } from '#platform/digest'
import { readTextFile, removeTree, writeTextFile } from '#platform/text-files'
import {
  observationOf,
  parseManifest,
  printManifest,
  snapshotFormat,
  type LeftOut,
  type SnapshotEntry,
  type SnapshotInput,
  type SnapshotManifest,
} from './snapshot-manifest.ts'
import {
  byText,
  parseInstanceTypes,
  parsePrices,
  printInstanceTypes,
  printPrices,
  type PriceRow,
} from './snapshot-rows.ts'

export interface BackendSnapshot {
  readonly backend: string
  readonly offers: readonly Offer[]
  readonly notes: readonly string[]
}

/** A backend's offers with the account of how they came to be. */
export interface SnapshotSection extends BackendSnapshot {
  readonly inputs: readonly SnapshotInput[]
  readonly rowsRead: number
  readonly rejected: ReadonlyMap<string, number>
  /** Facts beside the offers: name of a file -> its lines. */
  readonly furtherFiles?: ReadonlyMap<string, readonly string[]> | undefined
}

const typesFile = 'instance-types.csv'
const pricesFile = 'prices.csv'

const manifestPath = (directory: string): string => `${directory}/manifest.json`

/** The manifest alone, its checksums not verified. */
export const readSnapshotManifest = (directory: string): SnapshotManifest => {
  const path = manifestPath(directory)
  const text = readTextFile(path)
  if (text === null) throw new CatalogMissingError(`no manifest of a catalog at "${path}"`)
  return parseManifest(text, path)
}

/** The lines of a file whose checksum is as the manifest says. */
const readVerified = (directory: string, entry: SnapshotEntry, name: string): string[] => {
  const path = `${directory}/${entry.backend}/${name}`
  const text = readTextFile(path)
  if (text === null) throw new CatalogUnreadableError(`"${path}" is missing`)
  const lines = text.split('\n')
  const ended = lines.pop() === ''
  if (!ended || digestLines(lines) !== entry.outputs[name]) {
    throw new CatalogUnreadableError(
      `"${path}" does not have the checksum that the manifest gives`,
      {
        hint: 'Restore the file, or make the snapshot again.',
      },
    )
  }
  return lines
}

const readBackend = (directory: string, entry: SnapshotEntry): BackendSnapshot => {
  const typeLines = readVerified(directory, entry, typesFile)
  const priceLines = readVerified(directory, entry, pricesFile)
  const types = new Map(parseInstanceTypes(typeLines).map((type) => [type.name, type]))
  const observations = new Map(entry.inputs.map((input) => [input.key, observationOf(input)]))
  const offers = parsePrices(priceLines).map((row): Offer => {
    const instanceType = types.get(row.instanceType)
    const observation = observations.get(row.source)
    if (!instanceType)
      throw new TypeError(`"${row.instanceType}" is no instance type of ${typesFile}`)
    if (!observation) throw new TypeError(`"${row.source}" is no input of the manifest`)
    return {
      id: offerId(entry.backend, row.region, row.instanceType, row.spot),
      backend: entry.backend,
      region: row.region,
      instanceType,
      spot: row.spot,
      priceNanoUsd: row.priceNanoUsd,
      stock: 'unknown',
      observation,
    }
  })
  return { backend: entry.backend, offers, notes: entry.notes }
}

/**
 * Every backend of the snapshot. Throws `CatalogMissingError` where there is none, and
 * `CatalogUnreadableError` where a file is not what the manifest says.
 */
export const readSnapshot = (directory: string): readonly BackendSnapshot[] =>
  readSnapshotManifest(directory).backends.map((entry) => {
    try {
      return readBackend(directory, entry)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      const message = `"${directory}/${entry.backend}" is damaged: ${error.message}`
      throw new CatalogUnreadableError(message, { cause: error })
    }
  })

const refuse = (backend: string, why: string): never => {
  throw new ImportRejectedError(`the offers of "${backend}" cannot be written: ${why}`)
}

const priceRows = (section: SnapshotSection): PriceRow[] => {
  const keys = new Map(section.inputs.map((input) => [observationOf(input).source, input]))
  return section.offers.map((offer) => {
    const input = keys.get(offer.observation.source)
    if (!input || observationOf(input).observedAt !== offer.observation.observedAt)
      return refuse(section.backend, `"${offer.observation.source}" is none of its inputs`)
    if (offer.priceNanoUsd === null) return refuse(section.backend, `"${offer.id}" has no price`)
    return {
      instanceType: offer.instanceType.name,
      region: offer.region,
      spot: offer.spot,
      priceNanoUsd: offer.priceNanoUsd,
      source: input.key,
    }
  })
}

const instanceTypesOf = (section: SnapshotSection): InstanceType[] => {
  const types = new Map<string, InstanceType>()
  for (const { instanceType } of section.offers) {
    const known = types.get(instanceType.name) ?? instanceType
    if (JSON.stringify(known) !== JSON.stringify(instanceType))
      refuse(section.backend, `"${instanceType.name}" is two different instance types`)
    types.set(instanceType.name, known)
  }
  return [...types.values()]
}

const writeBackend = (directory: string, section: SnapshotSection): SnapshotEntry => {
  const types = instanceTypesOf(section)
  const files = [
    [typesFile, printInstanceTypes(types)],
    [pricesFile, printPrices(priceRows(section))],
    ...(section.furtherFiles ?? []),
  ] as const
  for (const [name, lines] of files)
    writeTextFile(`${directory}/${section.backend}/${name}`, `${lines.join('\n')}\n`)
  const rejected = [...section.rejected].sort(([left], [right]) => byText(left, right))
  return {
    backend: section.backend,
    offers: section.offers.length,
    instanceTypes: types.length,
    rowsRead: section.rowsRead,
    rowsKept: section.offers.length,
    rejected: Object.fromEntries(rejected),
    inputs: section.inputs,
    outputs: Object.fromEntries(files.map(([name, lines]) => [name, digestLines(lines)])),
    notes: section.notes,
  }
}

/** Writes a snapshot in place of the one in `directory`, if any. Backends are ordered by name. */
export const writeSnapshot = (
  directory: string,
  sections: readonly SnapshotSection[],
  leftOut: readonly LeftOut[],
): SnapshotManifest => {
  const before = readTextFile(manifestPath(directory))
  if (before !== null)
    for (const { backend } of parseManifest(before, manifestPath(directory)).backends)
      removeTree(`${directory}/${backend}`)
  const backends = [...sections]
    .sort((left, right) => byText(left.backend, right.backend))
    .map((section) => writeBackend(directory, section))
  const manifest: SnapshotManifest = {
    format: snapshotFormat,
    offers: backends.reduce((total, entry) => total + entry.offers, 0),
    backends,
    leftOut,
  }
  writeTextFile(manifestPath(directory), printManifest(manifest))
  return manifest
}

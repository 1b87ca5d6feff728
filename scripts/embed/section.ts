import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { SnapshotSection } from '#catalog/snapshot'
import { observationOf, type SnapshotInput } from '#catalog/snapshot-manifest'
import type { Observation, Offer } from '#domain/offer'
import type { EmbeddedSource, Extraction, InputDocument } from './source.ts'

const sha256 = (content: Buffer | string): string =>
  createHash('sha256').update(content).digest('hex')

const digestOf = (path: string): string => {
  if (!statSync(path).isDirectory()) return sha256(readFileSync(path))
  const names = readdirSync(path).sort()
  return sha256(names.map((name) => `${digestOf(join(path, name))}  ${name}\n`).join(''))
}

const recordOf = (directory: string, document: InputDocument): SnapshotInput => {
  const { key, repository, path, commit, observedOn, licence } = document
  const digest = digestOf(join(directory, document.file))
  return { key, repository, path, commit, observedOn, licence, sha256: digest }
}

/** One observation per document, whatever way a source spells it. */
const sharedObservation = (inputs: readonly SnapshotInput[], own: Observation): Observation => {
  const input = inputs.find(
    ({ repository, path, commit, observedOn }) =>
      [repository, path, commit.slice(0, 7)].every((part) => own.source.includes(part)) &&
      own.observedAt.startsWith(observedOn),
  )
  return input ? observationOf(input) : own
}

const withSharedObservations = (
  offers: readonly Offer[],
  inputs: readonly SnapshotInput[],
): readonly Offer[] => {
  const shared = new Map<string, Observation>()
  return offers.map((offer) => {
    const key = `${offer.observation.source} ${offer.observation.observedAt}`
    const observation = shared.get(key) ?? sharedObservation(inputs, offer.observation)
    shared.set(key, observation)
    return { ...offer, observation }
  })
}

/** What a snapshot holds of a source, given what was extracted from the files under `directory`. */
export const sectionOf = (
  directory: string,
  source: EmbeddedSource,
  extraction: Extraction,
): SnapshotSection => {
  const inputs = source.inputs.map((document) => recordOf(directory, document))
  return {
    backend: source.backend,
    notes: source.notes,
    inputs,
    offers: withSharedObservations(extraction.offers, inputs),
    rowsRead: extraction.rowsRead,
    rejected: extraction.rejected,
    furtherFiles: source.furtherFiles?.(directory),
  }
}

/** A backend's offers as text: JSON, a machine a line. The same offers give the same bytes. */
import { backendDigester } from '#catalog/digest'
import { type Machine, machinesOf } from '#catalog/machines'
import type { BackendOffers } from '#catalog/replace'
import type { InstanceType, Observation, Offer } from '#domain/offer'
import { printUsd } from '#domain/price'
import { digester } from '#platform/digest'
import type { PublishedBackend } from './manifest.ts'

/** The text, and what the manifest says of it. */
export interface PrintedSnapshot {
  readonly text: string
  readonly facts: PublishedBackend
}

const observationKey = ({ source, observedAt }: Observation): string => `${observedAt} ${source}`

/** In the order of time, then source: their places are how offers name them. */
const observationsOf = (offers: readonly Offer[]): ReadonlyMap<string, Observation> => {
  const found = new Map<string, Observation>()
  for (const { observation } of offers) found.set(observationKey(observation), observation)
  return new Map([...found].sort(([left], [right]) => (left < right ? -1 : 1)))
}

const machineFields = (type: InstanceType) => ({
  name: type.name,
  cpus: type.cpus,
  memory_mib: type.memoryMib,
  gpu: type.gpu && {
    name: type.gpu.name,
    vendor: type.gpu.vendor,
    memory_mib: type.gpu.memoryMib,
    compute_capability: type.gpu.computeCapability,
  },
  gpu_count: type.gpuCount,
  disk_mib: type.diskMib,
  architecture: type.architecture,
})

const machineLine = ({ type, offers }: Machine, places: ReadonlyMap<string, number>): string =>
  JSON.stringify({
    ...machineFields(type),
    offers: offers.map(({ region, spot, priceNanoUsd, stock, observation }) => [
      region,
      spot ? 'spot' : 'on-demand',
      priceNanoUsd === null ? null : printUsd(priceNanoUsd),
      stock,
      places.get(observationKey(observation)),
    ]),
  })

export const textDigest = (text: string): string => {
  const digest = digester()
  digest.add(text)
  return digest.hex()
}

/** As a catalog digests them. */
export const offersDigest = (backend: string, machines: readonly Machine[]): string => {
  const digest = backendDigester(backend)
  for (const { type, offers } of machines) digest.add(type, offers)
  return digest.end()
}

/** Throws ImportRejectedError for offers that no catalog takes. */
export const printSnapshot = ({
  backend,
  offers,
  notes,
  importer = '',
}: BackendOffers): PrintedSnapshot => {
  const machines = machinesOf(backend, offers)
  const observations = [...observationsOf(offers)]
  const places = new Map(observations.map(([key], place) => [key, place]))
  const seen = observations.map(([, observation]) => observation)
  const head = JSON.stringify({
    backend,
    importer,
    notes,
    observations: seen.map(({ source, observedAt }) => [source, observedAt]),
  })
  const lines = machines.map((machine) => machineLine(machine, places))
  const text = `${head.slice(0, -1)},"machines":[\n${lines.join(',\n')}\n]}\n`
  return {
    text,
    facts: {
      backend,
      sha256: textDigest(text),
      bytes: Buffer.byteLength(text),
      offers: offers.length,
      offersDigest: offersDigest(backend, machines),
      newest: seen.at(-1)?.observedAt ?? null,
    },
  }
}

import type { InstanceType, Observation, Offer } from '#domain/offer'
import { briefDigest } from '#platform/brief-digest'
import { digester } from '#platform/digest'

/**
 * Digests a backend's offers, machine by machine in the order of names. A digest covers every figure
 * of every offer, and nothing else: not the order they came in, not the ids they are stored under.
 */
export interface BackendDigester {
  /** The offers of one machine, in the order of (region, spot). */
  add(type: InstanceType, offers: readonly Offer[]): void
  /** sha256 in hex. */
  end(): string
}

export const backendDigester = (backend: string): BackendDigester => {
  const digest = digester()
  let text = `${backend}\n`
  return {
    add: (type, offers) => {
      text += `${machineText(type)}\n`
      let before: Observation | null = null
      for (const offer of offers) {
        text += offerText(offer, before)
        before = offer.observation
      }
      if (text.length < enough) return
      digest.add(text)
      text = ''
    },
    end: () => {
      digest.add(text)
      return digest.hex()
    },
  }
}

/** Characters digested at once: one by one they would cost more to hand over than to digest. */
const enough = 2 ** 16

/** Every figure of a machine: two that differ in any give different texts. */
export const machineText = (type: InstanceType): string =>
  JSON.stringify([
    type.name,
    type.cpus,
    type.memoryMib,
    type.gpu && [type.gpu.name, type.gpu.vendor, type.gpu.memoryMib, type.gpu.computeCapability],
    type.gpuCount,
    type.diskMib,
    type.architecture,
  ])

/**
 * Tabs separate: none of the parts holds one but by a slip, which would still be digested. An
 * observation is told where it is not that of the offer before.
 */
const offerText = (
  { region, spot, priceNanoUsd, stock, observation }: Offer,
  before: Observation | null,
): string => {
  const figures = `${region ?? '?'}\t${spot ? 1 : 0}\t${priceNanoUsd ?? '?'}\t${stock}`
  return isSame(observation, before)
    ? `${figures}\n`
    : `${figures}\t${observation.source}\t${observation.observedAt}\n`
}

const isSame = (observation: Observation, before: Observation | null): boolean =>
  observation === before ||
  (observation.source === before?.source && observation.observedAt === before.observedAt)

/** sha256, in hex, over the digests of the backends. */
export const catalogDigest = (
  backends: readonly { readonly name: string; readonly digest: string }[],
): string => {
  const lines = backends.map(({ name, digest }) => `${name} ${digest}\n`)
  return briefDigest(lines.sort().join(''))
}

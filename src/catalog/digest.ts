import type { Offer } from '#domain/offer'
import { digestLines } from '#platform/digest'

/** One offer as text, every figure of it, in a fixed order. Two equal offers give equal text. */
const canonicalRow = ({ instanceType: type, ...offer }: Offer): string =>
  JSON.stringify([
    offer.id,
    offer.priceNanoUsd,
    offer.stock,
    type.cpus,
    type.memoryMib,
    type.gpu && [type.gpu.name, type.gpu.vendor, type.gpu.memoryMib, type.gpu.computeCapability],
    type.gpuCount,
    type.diskMib,
    type.architecture,
    offer.observation.source,
    offer.observation.observedAt,
  ])

/** sha256, in hex, over a backend's offers whatever their order. */
export const backendDigest = (backend: string, offers: readonly Offer[]): string =>
  digestLines([backend, ...offers.map(canonicalRow).sort()])

/** sha256, in hex, over the digests of the backends. */
export const catalogDigest = (
  backends: readonly { readonly name: string; readonly digest: string }[],
): string => digestLines(backends.map(({ name, digest }) => `${name} ${digest}`).sort())

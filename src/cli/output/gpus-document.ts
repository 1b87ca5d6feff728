import type { Json } from '#domain/json'
import type { ListedGpu, SoldFrom } from '#api/groups'
import { printUsd } from '#domain/price'
import { formatVersion } from './document.ts'

/** Null: nobody sells it so. A null amount: somebody does, at an unknown price. */
const soldDocument = (sold: SoldFrom | null): Json =>
  sold === null
    ? null
    : {
        offers: sold.offers,
        from: {
          amount: sold.fromNanoUsd === null ? null : printUsd(sold.fromNanoUsd),
          currency: 'USD',
          per: 'gpu_hour',
        },
      }

export const toGpusDocument = (gpus: readonly ListedGpu[], catalogDigest: string) =>
  ({
    format_version: formatVersion,
    kind: 'gpus',
    catalog: { digest: catalogDigest },
    gpus: gpus.map(({ gpu, kind, offers, backends, onDemand, spot }) => ({
      name: gpu.name,
      vendor: gpu.vendor,
      kind,
      memory_mib: gpu.memoryMib,
      compute_capability: gpu.computeCapability === null ? null : gpu.computeCapability.join('.'),
      offers,
      backends,
      on_demand: soldDocument(onDemand),
      spot: soldDocument(spot),
    })),
  }) satisfies Json

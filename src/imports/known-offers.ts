/** What the catalog that comes with the program knows of a backend, read when first asked for. */
import { openCatalogFile } from '#catalog/database'
import { embeddedCatalogPath } from '#catalog/location'
import { type ShelvedBackend, shelvedBackends } from '#catalog/shelf'
import type { Offer } from '#domain/offer'
import { systemFiles } from '#platform/files'
import { heldOffers } from '#refresh/catalog-file'
import type { KnownOffers } from './reading.ts'

const cheapestOnDemand = (offers: readonly Offer[]): ReadonlyMap<string, number> => {
  const least = new Map<string, number>()
  for (const { instanceType, spot, priceNanoUsd } of offers) {
    if (spot || priceNanoUsd === null) continue
    least.set(
      instanceType.name,
      Math.min(priceNanoUsd, least.get(instanceType.name) ?? priceNanoUsd),
    )
  }
  return least
}

const embeddedOffers = (backend: string) => {
  const offers = heldOffers(embeddedCatalogPath(), backend)
  return {
    machines: new Map(offers.map(({ instanceType }) => [instanceType.name, instanceType])),
    least: cheapestOnDemand(offers),
  }
}

export const knownOffers = (backend: string): KnownOffers => {
  let read: ReturnType<typeof embeddedOffers> | null = null
  const known = () => (read ??= embeddedOffers(backend))
  return {
    machine: (name) => known().machines.get(name) ?? null,
    leastNanoUsd: (name) => known().least.get(name) ?? null,
  }
}

/** One backend in one catalog file; null where there is no such file, or it does not hold it. */
export const shelved = (path: string, backend: string): ShelvedBackend | null => {
  if (!systemFiles.exists(path)) return null
  const database = openCatalogFile(path)
  try {
    const found = shelvedBackends(database).find(({ name }) => name === backend)
    return found !== undefined && found.offers > 0 ? found : null
  } finally {
    database.close()
  }
}

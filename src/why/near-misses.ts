/** Names that no offer of any catalog carries, and what may have been meant. */
import { findGpu, gpusNamed } from '#domain/gpu-models'
import type { Requirements } from '#domain/requirements'
import { nearest } from '#domain/spelling'
import type { Catalog } from '#offers/catalog'

export interface NearMiss {
  readonly kind: 'gpu' | 'backend' | 'region' | 'instance-type'
  readonly name: string
  /** Null where nothing is spelled alike. */
  readonly nearest: string | null
}

type Names = readonly string[]

/** In the order of the filters, then of the lists. */
export const nearMisses = (requirements: Requirements, catalog: Catalog): readonly NearMiss[] => [
  ...missesOf('gpu', requirements.gpu?.names ?? null, () => catalog.gpuNames()),
  ...missesOf('backend', requirements.backends, () => catalog.backends()),
  ...missesOf('region', requirements.regions, () => catalog.regions()),
  ...missesOf('instance-type', requirements.instanceTypes, () => catalog.instanceTypes()),
]

const missesOf = (
  kind: NearMiss['kind'],
  asked: Names | null,
  known: () => Names,
): readonly NearMiss[] => {
  if (asked === null || asked.length === 0) return []
  const names = known()
  const lowered = new Set(names.map((name) => name.toLowerCase()))
  return [...new Set(asked)]
    .filter((name) => !lowered.has(name.toLowerCase()))
    .map((name) => ({ kind, name, nearest: meant(kind, name, names) }))
}

/** A GPU by another of its names, else whatever is spelled most alike. */
const meant = (kind: NearMiss['kind'], name: string, known: Names): string | null => {
  const model = kind === 'gpu' ? (findGpu(name) ?? gpusNamed(name)[0])?.name : undefined
  if (model !== undefined && known.includes(model)) return model
  const within = Math.max(1, Math.floor(name.length / 3))
  const length = Math.min(letters(name), longest)
  const near = known.filter((one) => Math.abs(letters(one) - length) <= within)
  return nearest(name, near)
}

/** Of longer names, only so much is compared. */
const longest = 64

/** As many edits as two names differ in length it takes at least: the others need no comparison. */
const letters = (name: string): number => name.replaceAll(/[^A-Za-z0-9]/g, '').length

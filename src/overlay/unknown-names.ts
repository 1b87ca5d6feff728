import { nearest } from '#domain/spelling'
import type { Catalog } from '#offers/catalog'
import type { Selector } from './overlay.ts'
import { nameMatcher } from './select.ts'

/** A name of a selector that a catalog does not have. */
export interface UnknownName {
  readonly key: 'backends' | 'regions' | 'instance_types' | 'gpus'
  readonly name: string
  /** The name of the catalog spelled most like it. */
  readonly nearest: string | null
}

type Known = Readonly<Record<UnknownName['key'], readonly string[]>>

export const knownNames = (catalog: Catalog): Known => ({
  backends: catalog.backends(),
  regions: catalog.regions(),
  instance_types: catalog.instanceTypes(),
  gpus: catalog.gpuNames(),
})

export const unknownNamesOf = (selector: Selector, known: Known): readonly UnknownName[] => {
  const among = (key: UnknownName['key'], names: readonly string[] | null) =>
    (names ?? [])
      .filter((name) => !known[key].some(nameMatcher([name])))
      .map((name): UnknownName => ({ key, name, nearest: nearest(name, known[key]) }))
  return [
    ...among('backends', selector.backends),
    ...among('regions', selector.regions),
    ...among('instance_types', selector.instanceTypes),
    ...among('gpus', selector.gpus),
  ]
}

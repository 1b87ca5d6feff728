import type { InstanceType, Offer } from '#domain/offer'
import { noRequirements } from '#domain/requirements'
import type { Catalog } from '#offers/catalog'

const notesOf = (json: string): readonly string[] => {
  const notes: unknown = JSON.parse(json)
  return Array.isArray(notes) ? notes.map(String) : []
}

/** The backends of a catalog and what is noted of each, in the order that breaks ties. */
export const listedBackends = (catalog: Catalog): ReadonlyMap<string, readonly string[]> =>
  new Map(
    catalog
      .readFiles(noRequirements, (database, { backends: owned }) =>
        database
          .prepare<[], { name: string; notes: string }>(
            'SELECT name, notes FROM backend ORDER BY id',
          )
          .all()
          .filter(({ name }) => owned?.includes(name) ?? true),
      )
      .flat()
      .map(({ name, notes }) => [name, notesOf(notes)] as const),
  )

export interface BaseOffers {
  readonly offers: readonly Offer[]
  /** By name; each is one object for all its offers. */
  readonly machines: ReadonlyMap<string, InstanceType>
}

/** Every offer of a backend. */
export const baseOffers = (catalog: Catalog, backend: string): BaseOffers => {
  const machines = new Map<string, InstanceType>()
  const offers = catalog.first({ ...noRequirements, backends: [backend] }, 0).map((offer) => {
    const known = machines.get(offer.instanceType.name)
    if (known) return { ...offer, instanceType: known }
    machines.set(offer.instanceType.name, offer.instanceType)
    return offer
  })
  return { offers, machines }
}

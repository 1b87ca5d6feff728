import type { Requirements } from '#domain/requirements'
import type { Catalog } from '#offers/catalog'
import type { Groups, PriceRange } from './group.ts'
import type { Grouping } from './grouping.ts'
import { mergeGroups } from './merge.ts'
import { compareGroups } from './order.ts'
import { readGroups } from './read-file.ts'
import { joinRanges } from './unit-price.ts'

/** Every offer that meets the requirements, in exactly one group. */
export const groupOffers = (
  catalog: Pick<Catalog, 'readFiles'>,
  requirements: Requirements,
  grouping: Grouping,
): Groups => {
  const perFile = catalog.readFiles(requirements, (database, own) =>
    readGroups(database, own, grouping),
  )
  return { grouping, groups: mergeGroups(perFile.flat(), grouping).toSorted(compareGroups) }
}

export interface GroupTotals {
  readonly offers: number
  readonly available: number
  readonly unknownPrices: number
  readonly price: PriceRange | null
  readonly perGpu: PriceRange | null
}

/** The same figures over all groups. */
export const totalsOf = ({ groups }: Groups): GroupTotals => ({
  offers: groups.reduce((sum, group) => sum + group.offers, 0),
  available: groups.reduce((sum, group) => sum + group.available, 0),
  unknownPrices: groups.reduce((sum, group) => sum + group.unknownPrices, 0),
  price: groups.reduce<PriceRange | null>((range, { price }) => joinRanges(range, price), null),
  perGpu: groups.reduce<PriceRange | null>((range, { perGpu }) => joinRanges(range, perGpu), null),
})

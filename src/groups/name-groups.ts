/** Turns tallies of one catalog file into groups: names for ids. */
import { offerId } from '#domain/offer'
import type { Sqlite } from '#platform/sqlite'
import type { CatalogDictionaries } from '#offers/dictionaries'
import type { Group, RankedId } from './group.ts'
import type { Grouping } from './grouping.ts'
import { sortBackends, sortRegions } from './order.ts'
import { groupStatements } from './statements.ts'
import { instanceTypeId, isSpot, type Lot, type Tally } from './tally.ts'
import { perMemoryGb } from './unit-price.ts'

interface Naming {
  readonly database: Sqlite
  readonly dictionaries: CatalogDictionaries
  readonly grouping: Grouping
  readonly regionNames: ReadonlyMap<number, string>
}

export const groupMaker = (naming: Naming): ((tally: Tally) => Group) => {
  const { dictionaries, grouping, regionNames } = naming
  const nameFirst = firstNamer(naming)
  return (tally) => {
    const gpu = dictionaries.gpus.get(tally.gpuId) ?? null
    return {
      gpu,
      gpuCount: { min: tally.minCount, max: tally.maxCount },
      backends: sortBackends(
        [...tally.backends].map(([id, backend]) => ({
          name: dictionaries.backendName(id),
          rank: id,
          ...backend,
        })),
      ),
      regions: grouping.backend
        ? sortRegions([...tally.regionIds].map((id) => regionNames.get(id) || null))
        : null,
      spot: tally.spot,
      onDemand: tally.onDemand,
      offers: tally.offers,
      available: tally.available,
      unknownPrices: tally.unknownPrices,
      price: tally.price,
      perGpu: tally.perGpu,
      perMemoryGb: perMemoryGb(tally.perGpu, gpu),
      first: nameFirst(tally.first),
    }
  }
}

const firstNamer = ({ database, dictionaries }: Naming): ((lot: Lot) => RankedId) => {
  const names = database
    .prepare<{ instanceType: number }, string>(groupStatements.instanceTypeName)
    .pluck()
  const regions = database
    .prepare<{ variant: number; standing: number }, string>(groupStatements.firstRegion)
    .pluck()
  return ({ variant, minStanding, firstRegion }) => {
    const key = { variant: variant.id, standing: minStanding }
    const backend = dictionaries.backendName(variant.backendId)
    const region = (firstRegion ?? regions.get(key)) || null
    const instanceType = names.get({ instanceType: instanceTypeId(variant.id) }) ?? ''
    const spot = isSpot(variant.id)
    return {
      id: offerId(backend, region, instanceType, spot),
      standing: minStanding,
      backendRank: variant.backendId,
      instanceType,
      spot,
      region,
    }
  }
}

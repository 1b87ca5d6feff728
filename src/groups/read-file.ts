/** Reads one catalog file: the groups of the offers in it that meet the requirements. */
import type { Gpu } from '#domain/gpu'
import type { Requirements } from '#domain/requirements'
import type { Sqlite } from '#platform/sqlite'
import { regionMaskBits } from '#catalog/tables'
import { readDictionaries } from '#offers/dictionaries'
import { type SearchBounds, toBounds } from '#query/bounds'
import { lower } from '#query/lower'
import type { Group } from './group.ts'
import type { Grouping } from './grouping.ts'
import { joinedLot, lotsByRegion, type OfferBounds, toVariant, wholeLot } from './lots.ts'
import { groupMaker } from './name-groups.ts'
import { groupStatements, type VariantRow, type VariantValues } from './statements.ts'
import { tallyBook } from './tally-book.ts'
import { instanceTypeId, type Lot } from './tally.ts'

/** Groups in no order. One state of the file, even while another process replaces a backend. */
export const readGroups = (
  database: Sqlite,
  requirements: Requirements,
  grouping: Grouping,
): readonly Group[] => database.transaction(() => readState(database, requirements, grouping))()

const readState = (
  database: Sqlite,
  requirements: Requirements,
  grouping: Grouping,
): readonly Group[] => {
  const dictionaries = readDictionaries(database)
  const bounds = toBounds(lower(requirements), dictionaries)
  if (bounds === null) return []
  const regionNames = readRegionNames(database)
  const { add, tallies } = tallyBook(grouping)
  readLots({ database, bounds, gpus: dictionaries.gpus, grouping, regionNames }, add)
  const toGroup = groupMaker({ database, dictionaries, grouping, regionNames })
  return tallies().map(toGroup)
}

interface Reading {
  readonly database: Sqlite
  readonly bounds: SearchBounds
  readonly gpus: ReadonlyMap<number, Gpu | null>
  readonly grouping: Grouping
  readonly regionNames: ReadonlyMap<number, string>
}

const readLots = (reading: Reading, add: (lot: Lot) => void): void => {
  const { database, bounds, grouping, regionNames } = reading
  const offerBounds: OfferBounds = {
    priceMax: bounds.priceMax,
    regionIds: bounds.regionIds && new Set(bounds.regionIds),
  }
  const unread = new Map<number, VariantRow>()
  for (const row of matchingVariants(reading)) {
    const whole = grouping.backend ? null : wholeLot(row, offerBounds)
    if (whole === null) unread.set(row[0], row)
    else add(whole)
  }
  const sold = database
    .prepare<{ variants: string }, [number, string]>(groupStatements.offersOfVariants)
    .raw()
    .iterate({ variants: JSON.stringify([...unread.keys()]) })
  for (const [id, json] of sold) {
    const row = unread.get(id)
    if (row === undefined) continue
    const given = [toVariant(row), numbersOf(json), offerBounds, regionNames] as const
    if (grouping.region) for (const lot of lotsByRegion(...given)) add(lot)
    else {
      const lot = joinedLot(...given)
      if (lot !== null) add(lot)
    }
  }
}

/** The statement writes numbers only: checking each would cost more than reading them. */
const numbersOf = (json: string): readonly number[] => JSON.parse(json) as readonly number[]

/** Variants that meet whatever does not depend on the region. */
const matchingVariants = ({ database, bounds, gpus }: Reading): readonly VariantRow[] => {
  const named = bounds.instanceTypes && namedInstanceTypes(database, bounds.instanceTypes)
  const { gpuCounts } = bounds
  return database
    .prepare<[VariantValues], VariantRow>(groupStatements.variants)
    .raw()
    .all(variantValues(bounds, [...(gpuCounts ?? gpus).keys()]))
    .filter(([id, gpuId, gpuCount]) => {
      if (named && !named.has(instanceTypeId(id))) return false
      const counts = gpuCounts?.get(gpuId)
      return counts === undefined || (counts.min <= gpuCount && gpuCount <= counts.max)
    })
}

const namedInstanceTypes = (database: Sqlite, names: readonly string[]): ReadonlySet<number> =>
  new Set(
    database
      .prepare<{ names: string }, number>(groupStatements.namedInstanceTypes)
      .pluck()
      .all({ names: JSON.stringify(names) }),
  )

const variantValues = (bounds: SearchBounds, gpuIds: readonly number[]): VariantValues => ({
  gpus: JSON.stringify(gpuIds),
  priceMax: bounds.priceMax,
  cpuMin: bounds.cpuMilli.min,
  cpuMax: bounds.cpuMilli.max,
  memoryMin: bounds.memoryMib.min,
  memoryMax: bounds.memoryMib.max,
  diskMin: bounds.diskMib.min,
  diskMax: bounds.diskMib.max,
  spotMin: bounds.spot.min,
  spotMax: bounds.spot.max,
  backendMask: bounds.backendMask,
  regionMask: bounds.regionIds === null ? -1 : maskOf(bounds.regionIds),
})

const maskOf = (regionIds: readonly number[]): number =>
  [...new Set(regionIds.map((id) => id % regionMaskBits))].reduce((mask, bit) => mask + 2 ** bit, 0)

const readRegionNames = (database: Sqlite): ReadonlyMap<number, string> =>
  new Map(database.prepare<[], [number, string]>(groupStatements.regions).raw().all())

import type { Sqlite } from '#platform/sqlite'
import type { CellRegionRow, CellRow, InstanceTypeRow, OfferRow, VariantRow } from '#query/rows'
import type { SearchStatement, StatementValue } from '#query/statement'
import { statements } from '#query/statements'
import { lazily } from './lazily.ts'

type Values = Partial<Record<StatementValue, number | string>>
type Run<Row> = (values: Values) => Row

/** What is asked of offers in regions; one form for few regions, one for many. */
export interface RegionStatements {
  standings: Run<readonly (readonly [standing: number])[]>
  offers: Run<readonly OfferRow[]>
  count: Run<number>
}

/** The statements of a search, each prepared when first run and then kept. */
export interface PreparedStatements {
  cells: Run<readonly CellRow[]>
  cellsOfRegion: Run<readonly CellRegionRow[]>
  variants: Run<readonly VariantRow[]>
  variantsOfCells: Run<readonly VariantRow[]>
  offersOfVariants: Run<readonly OfferRow[]>
  offersOfInstanceTypes: Run<readonly OfferRow[]>
  instanceTypes: Run<readonly InstanceTypeRow[]>
  count: Run<number>
  inRegions(regions: number): RegionStatements
}

/** Measured: reading all of a variant's offers costs as much as finding this many. */
const fewRegions = 6

export const prepareStatements = (database: Sqlite): PreparedStatements => {
  const few: RegionStatements = {
    standings: rows(database, statements.standingsInRegions),
    offers: rows(database, statements.offersInRegions),
    count: number(database, statements.countInRegions),
  }
  const many: RegionStatements = {
    standings: rows(database, statements.standingsInManyRegions),
    offers: rows(database, statements.offersInManyRegions),
    count: number(database, statements.countInManyRegions),
  }
  return {
    cells: rows(database, statements.cells),
    cellsOfRegion: rows(database, statements.cellsOfRegion),
    variants: rows(database, statements.variants),
    variantsOfCells: rows(database, statements.variantsOfCells),
    offersOfVariants: rows(database, statements.offersOfVariants),
    offersOfInstanceTypes: rows(database, statements.offersOfInstanceTypes),
    instanceTypes: rows(database, statements.instanceTypes),
    count: number(database, statements.count),
    inRegions: (regions) => (regions <= fewRegions ? few : many),
  }
}

/** As arrays: a third of the cost of objects. */
const rows = <Row>(database: Sqlite, { sql, values }: SearchStatement): Run<readonly Row[]> => {
  const statement = lazily(() => database.prepare<unknown[], Row>(sql).raw())
  return (given) => statement().all(...ordered(values, given))
}

const number = (database: Sqlite, { sql, values }: SearchStatement): Run<number> => {
  const statement = lazily(() => database.prepare<unknown[], number>(sql).pluck())
  return (given) => statement().get(...ordered(values, given)) ?? 0
}

const ordered = (names: readonly StatementValue[], given: Values): readonly unknown[] =>
  names.map((name) => {
    const value = given[name]
    if (value === undefined) throw new TypeError(`a search statement lacks "${name}"`)
    return value
  })

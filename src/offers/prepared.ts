import type { Sqlite } from '#platform/sqlite'
import {
  type OfferRow,
  type SearchStatement,
  statements,
  type StatementValue,
} from '#query/statements'
import type { CellRow } from './cell.ts'

type Values = Partial<Record<StatementValue, number | string>>
type Run<Row> = (values: Values) => Row

/** The statements of a search, each prepared when first run and then kept. */
export interface PreparedStatements {
  cells: Run<readonly CellRow[]>
  cellsOfGpus: Run<readonly CellRow[]>
  variants: Run<readonly { id: number; standing: number }[]>
  variantsInRegions: Run<readonly { id: number; standing: number }[]>
  offers: Run<readonly OfferRow[]>
  offersInRegions: Run<readonly OfferRow[]>
  offersOfInstanceTypes: Run<readonly OfferRow[]>
  count: Run<number>
  countInRegions: Run<number>
}

export const prepareStatements = (database: Sqlite): PreparedStatements => ({
  cells: rows(database, statements.cells),
  cellsOfGpus: rows(database, statements.cellsOfGpus),
  variants: rows(database, statements.variants),
  variantsInRegions: rows(database, statements.variantsInRegions),
  offers: rows(database, statements.offers),
  offersInRegions: rows(database, statements.offersInRegions),
  offersOfInstanceTypes: rows(database, statements.offersOfInstanceTypes),
  count: number(database, statements.count),
  countInRegions: number(database, statements.countInRegions),
})

const rows = <Row>(database: Sqlite, { sql, values }: SearchStatement): Run<readonly Row[]> => {
  const statement = lazily(() => database.prepare<unknown[], Row>(sql))
  return (given) => statement().all(...ordered(values, given))
}

const number = (database: Sqlite, { sql, values }: SearchStatement): Run<number> => {
  const statement = lazily(() => database.prepare<unknown[], number>(sql).pluck())
  return (given) => statement().get(...ordered(values, given)) ?? 0
}

const lazily = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => (made ??= make())
}

const ordered = (names: readonly StatementValue[], given: Values): readonly unknown[] =>
  names.map((name) => {
    const value = given[name]
    if (value === undefined) throw new TypeError(`a search statement lacks "${name}"`)
    return value
  })

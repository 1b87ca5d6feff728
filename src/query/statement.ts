/** How the text of a statement is written: by kysely, with named values in the place of figures. */
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  type RawBuilder,
  type SqlBool,
} from 'kysely'
import type { Tables } from '#catalog/tables'

/** What a statement may be given. Lists are JSON arrays. */
export interface StatementValues {
  cell: number
  region: number
  /** Cells as `[id, bound, gpuCountMin, gpuCountMax]`. */
  visits: string
  /** Standings above it are of no interest. */
  bound: number
  /** The largest standing that the price limit admits in this cell. */
  cap: number
  priceMax: number
  /** Rows wanted; -1 for all. */
  limit: number
  cpuMin: number
  cpuMax: number
  memoryMin: number
  memoryMax: number
  diskMin: number
  diskMax: number
  gpuCountMin: number
  gpuCountMax: number
  backendMask: number
  regions: string
  /** The folded bits of the regions: a variant sold in none of them is not looked into. */
  regionMask: number
  variants: string
  instanceTypes: string
}

export type StatementValue = keyof StatementValues

/** A text and the values it takes, in order. */
export interface SearchStatement {
  readonly sql: string
  readonly values: readonly StatementValue[]
}

export const database = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** Stands for a value that is given when the statement runs. */
export class Placeholder {
  readonly name: StatementValue
  constructor(name: StatementValue) {
    this.name = name
  }
}

export const value = (name: StatementValue): RawBuilder<number> =>
  sql<number>`${new Placeholder(name)}`

type ListName = 'regions' | 'variants' | 'instanceTypes'

export const list = (name: ListName): RawBuilder<number> =>
  sql<number>`(SELECT value FROM json_each(${new Placeholder(name)}))`

export const statement = (query: {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] }
}): SearchStatement => {
  const compiled = query.compile()
  const values = compiled.parameters.map((parameter) => {
    if (parameter instanceof Placeholder) return parameter.name
    throw new TypeError('a statement takes named values only')
  })
  return { sql: compiled.sql, values }
}

export const between = (
  column: string,
  min: StatementValue,
  max: StatementValue,
): RawBuilder<SqlBool> => sql<SqlBool>`${sql.ref(column)} BETWEEN ${value(min)} AND ${value(max)}`

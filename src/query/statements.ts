/**
 * The SQL of a search, built by kysely from the schema's types. There are few texts and they never
 * change: what a request leaves open is a bound that admits everything. So each is prepared once,
 * and the bundled program carries the texts alone, without the compiler.
 *
 * Join order is stated (CROSS JOIN), one index serves each purpose, and no statistics are kept:
 * with them SQLite prepares a statement anew whenever its bindings change.
 */
import {
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  type Expression,
  type RawBuilder,
  type SqlBool,
} from 'kysely'
import { outOfStock, type Tables, variantBits } from '#catalog/tables'

/** What a statement may be given. Lists are JSON arrays of ids. */
export interface StatementValues {
  cell: number
  /** Standings above it are of no interest. */
  bound: number
  /** The largest standing that the price limit admits in this cell. */
  cap: number
  /** Offers wanted; -1 for all. */
  limit: number
  priceMax: number
  cpuMin: number
  cpuMax: number
  memoryMin: number
  memoryMax: number
  diskMin: number
  diskMax: number
  gpuCountMin: number
  gpuCountMax: number
  spotMin: number
  spotMax: number
  backendMask: number
  gpus: string
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

/** Columns of an offer with its instance type, in the order that the reader of rows expects. */
export interface OfferRow {
  variant_id: number
  standing: number
  stock: number
  observation_id: number
  region: string
  instance_type: string
  cpu_milli: number
  memory_mib: number
  gpu_id: number
  gpu_count: number
  disk_mib: number | null
  architecture: string | null
}

const database = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
})

/** Stands for a value that is given when the statement runs. */
class Placeholder {
  readonly name: StatementValue
  constructor(name: StatementValue) {
    this.name = name
  }
}

const value = (name: StatementValue): RawBuilder<number> => sql<number>`${new Placeholder(name)}`

const list = (name: 'gpus' | 'regions' | 'variants' | 'instanceTypes'): RawBuilder<number> =>
  sql<number>`(SELECT value FROM json_each(${new Placeholder(name)}))`

const statement = (query: {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[] }
}): SearchStatement => {
  const compiled = query.compile()
  const values = compiled.parameters.map((parameter) => {
    if (parameter instanceof Placeholder) return parameter.name
    throw new TypeError('a statement takes named values only')
  })
  return { sql: compiled.sql, values }
}

const between = (column: string, min: StatementValue, max: StatementValue): RawBuilder<SqlBool> =>
  sql<SqlBool>`${sql.ref(column)} BETWEEN ${value(min)} AND ${value(max)}`

/** Cells whose box overlaps what is asked, cheapest first. */
const cells = (conditions: readonly Expression<SqlBool>[]): SearchStatement =>
  statement(
    database
      .selectFrom('cell')
      .selectAll()
      .where((where) =>
        where.and([
          ...conditions,
          between('spot', 'spotMin', 'spotMax'),
          where('max_cpu_milli', '>=', value('cpuMin')),
          where('min_cpu_milli', '<=', value('cpuMax')),
          where('max_memory_mib', '>=', value('memoryMin')),
          where('min_memory_mib', '<=', value('memoryMax')),
          sql<SqlBool>`backend_mask & ${value('backendMask')}`,
        ]),
      )
      .orderBy('min_standing'),
  )

/** The conditions on a variant of one cell. Standings come first: they are the key. */
const variantConditions = (): readonly Expression<SqlBool>[] => [
  sql<SqlBool>`variant.cell_id = ${value('cell')}`,
  sql<SqlBool>`variant.min_standing <= ${value('bound')}`,
  between('variant.cpu_milli', 'cpuMin', 'cpuMax'),
  between('variant.memory_mib', 'memoryMin', 'memoryMax'),
  between('variant.gpu_count', 'gpuCountMin', 'gpuCountMax'),
  sql<SqlBool>`(variant.disk_mib IS NULL OR ${between('variant.disk_mib', 'diskMin', 'diskMax')})`,
  sql<SqlBool>`(${value('backendMask')} >> variant.backend_id) & 1`,
]

/**
 * The first K variants by (cheapest standing, id) hold the first K offers: each variant before
 * another has an offer before any of the other's.
 */
const variants = (): SearchStatement =>
  statement(
    database
      .selectFrom('variant')
      .select(['variant.id', 'variant.min_standing as standing'])
      .where((where) => where.and([...variantConditions()]))
      .orderBy('variant.min_standing')
      .orderBy('variant.id')
      .limit(value('limit')),
  )

const inRegions = sql<SqlBool>`offer.region_id IN ${list('regions')}`

const variantsInRegions = (): SearchStatement =>
  statement(
    database
      .selectFrom('variant')
      .crossJoin('offer')
      .select(['offer.variant_id as id', sql<number>`min(offer.standing)`.as('standing')])
      .where((where) =>
        where.and([
          ...variantConditions(),
          sql<SqlBool>`variant.region_mask & ${value('regionMask')}`,
          where('offer.variant_id', '=', where.ref('variant.id')),
          inRegions,
          where('offer.standing', '<=', value('bound')),
        ]),
      )
      .groupBy('offer.variant_id')
      .orderBy('standing')
      .orderBy('id')
      .limit(value('limit')),
  )

/** Offers with their instance types, in the total order: standing, variant, region. */
const offers = (
  source: 'variants' | 'instanceTypes',
  conditions: readonly Expression<SqlBool>[],
): SearchStatement => {
  const perType = sql.lit(variantBits.perInstanceType)
  const fromVariants = database
    .selectFrom(sql<{ value: number }>`json_each(${new Placeholder('variants')})`.as('wanted'))
    .crossJoin('offer')
    .crossJoin('instance_type')
    .where(sql<SqlBool>`offer.variant_id = wanted.value`)
    .where(sql<SqlBool>`instance_type.id = offer.variant_id / ${perType}`)
  const fromNames = database
    .selectFrom('instance_type')
    .crossJoin('offer')
    .where(sql<SqlBool>`instance_type.name COLLATE NOCASE IN ${list('instanceTypes')}`)
    .where(sql<SqlBool>`offer.variant_id BETWEEN instance_type.id * ${perType}
      AND instance_type.id * ${perType} + ${sql.lit(variantBits.perInstanceType - 1)}`)
  const from = source === 'variants' ? fromVariants : fromNames
  return statement(
    from
      .crossJoin('region')
      .select([
        'offer.variant_id',
        'offer.standing',
        'offer.stock',
        'offer.observation_id',
        'region.name as region',
        'instance_type.name as instance_type',
        'instance_type.cpu_milli',
        'instance_type.memory_mib',
        'instance_type.gpu_id',
        'instance_type.gpu_count',
        'instance_type.disk_mib',
        'instance_type.architecture',
      ])
      .where((where) =>
        where.and([
          where('region.id', '=', where.ref('offer.region_id')),
          where('offer.standing', '<=', value('bound')),
          sql<SqlBool>`(offer.standing & ${sql.lit(outOfStock - 1)}) <= ${value('priceMax')}`,
          ...conditions,
        ]),
      )
      .orderBy('offer.standing')
      .orderBy('offer.variant_id')
      .orderBy('region.name')
      .limit(value('limit')),
  )
}

/** How many offers of a cell match, when the cell's own total does not say it. */
const count = (): SearchStatement =>
  statement(
    database
      .selectFrom('variant')
      .select(
        sql<number>`coalesce(sum(CASE WHEN variant.max_standing <= ${value('cap')} THEN variant.offers ELSE (
          SELECT count(*) FROM offer WHERE offer.variant_id = variant.id AND offer.standing <= ${value('cap')}
        ) END), 0)`.as('offers'),
      )
      .where((where) => where.and([...variantConditions()])),
  )

const countInRegions = (): SearchStatement =>
  statement(
    database
      .selectFrom('variant')
      .crossJoin('offer')
      .select(sql<number>`count(*)`.as('offers'))
      .where((where) =>
        where.and([
          ...variantConditions(),
          sql<SqlBool>`variant.region_mask & ${value('regionMask')}`,
          where('offer.variant_id', '=', where.ref('variant.id')),
          inRegions,
          where('offer.standing', '<=', value('cap')),
        ]),
      ),
  )

export const statements = {
  cells: cells([]),
  cellsOfGpus: cells([sql<SqlBool>`gpu_id IN ${list('gpus')}`]),
  variants: variants(),
  variantsInRegions: variantsInRegions(),
  offers: offers('variants', []),
  offersInRegions: offers('variants', [inRegions]),
  offersOfInstanceTypes: offers('instanceTypes', []),
  count: count(),
  countInRegions: countInRegions(),
} as const satisfies Record<string, SearchStatement>

export type StatementName = keyof typeof statements

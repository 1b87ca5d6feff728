/**
 * The SQL of a search, built by kysely from the schema's types. There are few texts and they never
 * change: what a request leaves open is a bound that admits everything. So each is prepared once,
 * and the bundled program carries the texts alone, without the compiler.
 *
 * Join order is stated (CROSS JOIN), one index serves each purpose, and no statistics are kept:
 * with them SQLite prepares a statement anew whenever its bindings change.
 */
import { sql, type Expression, type SqlBool } from 'kysely'
import { outOfStock, variantBits } from '#catalog/tables'
import {
  between,
  database,
  list,
  Placeholder,
  type SearchStatement,
  statement,
  value,
} from './statement.ts'

/** Every cell, cheapest first. There are a few hundred, however many offers. */
const cells = (): SearchStatement =>
  statement(
    database
      .selectFrom('cell')
      .select([
        'id',
        'spot',
        'out_of_stock',
        'gpu_id',
        'min_gpu_count',
        'max_gpu_count',
        'min_cpu_milli',
        'max_cpu_milli',
        'min_memory_mib',
        'max_memory_mib',
        'free_disk',
        'min_disk_mib',
        'max_disk_mib',
        'backend_mask',
        'min_standing',
        'max_standing',
        'offers',
      ])
      .orderBy('min_standing')
      .orderBy('id'),
  )

/** The conditions on a variant, its cell and the count of accelerators left aside. */
const variantConditions = (): readonly Expression<SqlBool>[] => [
  between('variant.cpu_milli', 'cpuMin', 'cpuMax'),
  between('variant.memory_mib', 'memoryMin', 'memoryMax'),
  sql<SqlBool>`(variant.disk_mib IS NULL OR ${between('variant.disk_mib', 'diskMin', 'diskMax')})`,
  sql<SqlBool>`(${value('backendMask')} >> variant.backend_id) & 1`,
  sql<SqlBool>`variant.region_mask & ${value('regionMask')}`,
]

/** Standings come first: with the cell they are the key. */
const inCell = (): readonly Expression<SqlBool>[] => [
  sql<SqlBool>`variant.cell_id = ${value('cell')}`,
  sql<SqlBool>`variant.min_standing <= ${value('bound')}`,
]

const ofCell = (): readonly Expression<SqlBool>[] => [
  ...inCell(),
  between('variant.gpu_count', 'gpuCountMin', 'gpuCountMax'),
  ...variantConditions(),
]

/**
 * Few regions are sought one by one in the key of a variant's offers. Of many, it is faster to read
 * its offers and drop what is elsewhere: the sign keeps the region out of the key.
 */
const inRegions = {
  few: sql<SqlBool>`offer.region_id IN ${list('regions')}`,
  many: sql<SqlBool>`+offer.region_id IN ${list('regions')}`,
} as const

type RegionTest = keyof typeof inRegions

const cellsOfRegion = (): SearchStatement =>
  statement(
    database
      .selectFrom('cell_region')
      .select(['cell_id', 'backend_id', 'min_standing', 'offers'])
      .where('region_id', '=', value('region')),
  )

const variantColumns = [
  'variant.id',
  'variant.min_standing',
  'variant.max_standing',
  'variant.offers',
] as const

/**
 * The first K variants by (cheapest standing, id) hold the first K offers: each variant before
 * another has an offer before any of the other's. In key order, so that it ends after K.
 */
const variants = (): SearchStatement =>
  statement(
    database
      .selectFrom('variant')
      .select(variantColumns)
      .where((where) => where.and([...ofCell()]))
      .orderBy('variant.min_standing')
      .orderBy('variant.id')
      .limit(value('limit')),
  )

/** Several cells at once, each up to its own bound. */
const variantsOfVisits = () =>
  database
    .with(
      (name) => name('visit').materialized(),
      (query) =>
        query
          .selectFrom(sql<{ value: string }>`json_each(${new Placeholder('visits')})`.as('each'))
          .select([
            sql<number>`each.value ->> 0`.as('cell'),
            sql<number>`each.value ->> 1`.as('bound'),
            sql<number>`each.value ->> 2`.as('least'),
            sql<number>`each.value ->> 3`.as('most'),
          ]),
    )
    .selectFrom('visit')
    .crossJoin('variant')
    .where((where) =>
      where.and([
        sql<SqlBool>`variant.cell_id = visit.cell`,
        sql<SqlBool>`variant.min_standing <= visit.bound`,
        sql<SqlBool>`variant.gpu_count BETWEEN visit.least AND visit.most`,
        ...variantConditions(),
      ]),
    )

const variantsOfCells = (): SearchStatement =>
  statement(
    variantsOfVisits()
      .select(variantColumns)
      .orderBy('variant.min_standing')
      .orderBy('variant.id')
      .limit(value('limit')),
  )

/** Standings of offers of the cheapest variants of a cell; so not the least, but early found. */
const standingsInRegions = (test: RegionTest): SearchStatement =>
  statement(
    database
      .selectFrom('variant')
      .crossJoin('offer')
      .select('offer.standing')
      .where((where) =>
        where.and([
          ...ofCell(),
          where('offer.variant_id', '=', where.ref('variant.id')),
          where('offer.standing', '<=', value('cap')),
          inRegions[test],
        ]),
      )
      .orderBy('variant.min_standing')
      .limit(value('limit')),
  )

const offerColumns = [
  'offer.variant_id',
  'offer.standing',
  'offer.stock',
  'offer.observation_id',
  'region.name',
] as const

/** Offers of variants, in the total order: standing, variant, region. */
const offersOfVariants = (): SearchStatement =>
  statement(
    database
      .selectFrom(sql<{ value: number }>`json_each(${new Placeholder('variants')})`.as('wanted'))
      .crossJoin('offer')
      .crossJoin('region')
      .select(offerColumns)
      .where((where) =>
        where.and([
          sql<SqlBool>`offer.variant_id = wanted.value`,
          where('offer.standing', '<=', value('bound')),
          sql<SqlBool>`(offer.standing & ${sql.lit(outOfStock - 1)}) <= ${value('priceMax')}`,
          where('region.id', '=', where.ref('offer.region_id')),
        ]),
      )
      .orderBy('offer.standing')
      .orderBy('offer.variant_id')
      .orderBy('region.name')
      .limit(value('limit')),
  )

/** Offers of cells in regions, in the total order. */
const offersInRegions = (test: RegionTest): SearchStatement =>
  statement(
    variantsOfVisits()
      .crossJoin('offer')
      .crossJoin('region')
      .select(offerColumns)
      .where((where) =>
        where.and([
          where('offer.variant_id', '=', where.ref('variant.id')),
          sql<SqlBool>`offer.standing <= visit.bound`,
          inRegions[test],
          where('region.id', '=', where.ref('offer.region_id')),
        ]),
      )
      .orderBy('offer.standing')
      .orderBy('offer.variant_id')
      .orderBy('region.name')
      .limit(value('limit')),
  )

/** All offers of instance types, by name. */
const offersOfInstanceTypes = (): SearchStatement => {
  const perType = sql.lit(variantBits.perInstanceType)
  return statement(
    database
      .selectFrom('instance_type')
      .crossJoin('offer')
      .crossJoin('region')
      .select(offerColumns)
      .where(sql<SqlBool>`instance_type.name COLLATE NOCASE IN ${list('instanceTypes')}`)
      .where(sql<SqlBool>`offer.variant_id BETWEEN instance_type.id * ${perType}
      AND instance_type.id * ${perType} + ${sql.lit(variantBits.perInstanceType - 1)}`)
      .whereRef('region.id', '=', 'offer.region_id')
      .orderBy('offer.standing')
      .orderBy('offer.variant_id')
      .orderBy('region.name'),
  )
}

const instanceTypes = (): SearchStatement =>
  statement(
    database
      .selectFrom(
        sql<{ value: number }>`json_each(${new Placeholder('instanceTypes')})`.as('wanted'),
      )
      .crossJoin('instance_type')
      .select([
        'instance_type.id',
        'instance_type.name',
        'instance_type.cpu_milli',
        'instance_type.memory_mib',
        'instance_type.gpu_id',
        'instance_type.gpu_count',
        'instance_type.disk_mib',
        'instance_type.architecture',
      ])
      .where(sql<SqlBool>`instance_type.id = wanted.value`),
  )

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
      .where((where) => where.and([...ofCell()])),
  )

const countInRegions = (test: RegionTest): SearchStatement =>
  statement(
    database
      .selectFrom('variant')
      .crossJoin('offer')
      .select(sql<number>`count(*)`.as('offers'))
      .where((where) =>
        where.and([
          ...ofCell(),
          where('offer.variant_id', '=', where.ref('variant.id')),
          where('offer.standing', '<=', value('cap')),
          inRegions[test],
        ]),
      ),
  )

export const statements = {
  cells: cells(),
  cellsOfRegion: cellsOfRegion(),
  variants: variants(),
  variantsOfCells: variantsOfCells(),
  offersOfVariants: offersOfVariants(),
  standingsInRegions: standingsInRegions('few'),
  standingsInManyRegions: standingsInRegions('many'),
  offersInRegions: offersInRegions('few'),
  offersInManyRegions: offersInRegions('many'),
  offersOfInstanceTypes: offersOfInstanceTypes(),
  instanceTypes: instanceTypes(),
  count: count(),
  countInRegions: countInRegions('few'),
  countInManyRegions: countInRegions('many'),
} as const satisfies Record<string, SearchStatement>

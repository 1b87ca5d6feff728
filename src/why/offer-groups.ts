/**
 * The offers of a machine, inside the regions asked for or outside, as counts and least standings.
 * Most follow from the machine's own summary; one statement reads the rest.
 */
import { outOfStock } from '#catalog/tables'
import type { Sqlite } from '#platform/sqlite'
import type { Machine } from './machines.ts'

export interface OfferGroup {
  readonly offers: number
  /** Of those, within the price limit. */
  readonly affordable: number
  /** The least standing; null where there is no offer. */
  readonly least: number | null
  /** The least standing above the price limit; null where there is none, or nobody asked. */
  readonly leastDearer: number | null
}

const none: OfferGroup = { offers: 0, affordable: 0, least: null, leastDearer: null }

export interface Limits {
  readonly priceMax: number
  /** Null: any region. */
  readonly regionIds: readonly number[] | null
}

export const priceOf = (standing: number): number => standing % outOfStock

/** What is known of a machine's offers, whatever their region, without reading them. */
export const summaryGroup = (
  { offers, leastStanding, greatestStanding }: Machine,
  priceMax: number,
): OfferGroup | null => {
  const least = leastStanding
  if (priceOf(greatestStanding) <= priceMax)
    return { offers, affordable: offers, least, leastDearer: null }
  if (priceOf(leastStanding) <= priceMax) return null
  return { offers, affordable: 0, least, leastDearer: least }
}

/** Reads the groups of machines, by id of the machine. */
export type ReadGroups = (
  machines: readonly number[],
  where: 'anywhere' | 'inside' | 'outside',
) => (machine: number) => OfferGroup

type Row = readonly [number, number, number, number, number | null]

/** Up to this many regions are looked up one by one; more are sieved out of all. */
const fewRegions = 16

export const groupReader =
  (database: Sqlite, { priceMax, regionIds }: Limits): ReadGroups =>
  (machines, where) => {
    if (machines.length === 0) return () => none
    const regions = JSON.stringify(regionIds ?? [])
    const few = (regionIds?.length ?? 0) <= fewRegions
    const sql = statement(where === 'inside' && !few ? 'inside-many' : where)
    const ids = JSON.stringify(machines.toSorted((left, right) => left - right))
    const rows = database
      .prepare<unknown[], Row>(sql)
      .raw()
      .all(priceMax, priceMax, ids, ...(where === 'anywhere' ? [] : [regions]))
    const groups = new Map(rows.map((row) => [row[0], toGroup(row)]))
    return (machine) => groups.get(machine) ?? none
  }

const toGroup = ([, offers, affordable, least, leastDearer]: Row): OfferGroup => ({
  offers,
  affordable,
  least,
  leastDearer,
})

const inList = '(SELECT value FROM json_each(?))'

/** The `+` keeps SQLite from one look-up per machine and region. */
const conditions = {
  anywhere: '',
  inside: `AND region_id IN ${inList}`,
  'inside-many': `AND +region_id IN ${inList}`,
  outside: `AND region_id NOT IN ${inList}`,
}

const price = `(standing & ${outOfStock - 1})`

const statement = (where: keyof typeof conditions): string => `
  SELECT variant_id, count(*), sum(${price} <= ?), min(standing),
    min(CASE WHEN ${price} > ? THEN standing END)
  FROM offer WHERE variant_id IN ${inList} ${conditions[where]}
  GROUP BY variant_id`

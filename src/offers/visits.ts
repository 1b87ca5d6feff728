/** Which cells of a file a request has to look into, and what may come out of each. */
import { outOfStock } from '#catalog/tables'
import type { Bounds, SearchBounds } from '#query/bounds'
import { boxOverlaps, type Cell, overlap } from './cell.ts'
import type { CellPresence } from './region-cells.ts'

/** A cell worth a look. */
export interface Visit {
  readonly cell: Cell
  /** Its cheapest offer stands no lower. */
  readonly least: number
  /** The largest standing that the price limit admits. */
  readonly cap: number
  /** All its offers where one may match, whatever else is asked. */
  readonly offers: number
  readonly gpuCount: Bounds
}

/** Visits by their place in the order of their cheapest offer; undefined after the last. */
export interface Visits {
  readonly at: (place: number) => Visit | undefined
}

/** The cells that may hold a match. Made as they are asked for: a search that ends early asks few. */
export const visitsOf = (cells: readonly Cell[], bounds: SearchBounds): Visits => {
  const visits: Visit[] = []
  let next = 0
  return {
    at: (place) => {
      while (visits.length <= place && next < cells.length) {
        const cell = cells[next++]
        if (cell === undefined || !mayMatch(cell, bounds)) continue
        const visit = visitOf(cell, bounds, cell.standing.min, cell.offers)
        if (visit.least <= visit.cap) visits.push(visit)
      }
      return visits[place]
    },
  }
}

/** The cells that may hold a match in some regions. What is cheapest there is in another order. */
export const visitsInRegions = (
  cells: readonly Cell[],
  bounds: SearchBounds,
  presence: CellPresence,
): Visits => {
  const visits: Visit[] = []
  for (let place = 0; place < cells.length; place++) {
    const cell = cells[place]
    if (cell === undefined || !mayMatch(cell, bounds)) continue
    const [least, offers] = [presence.least[place] ?? Infinity, presence.offers[place] ?? 0]
    const visit = visitOf(cell, bounds, least, offers)
    if (visit.least <= visit.cap) visits.push(visit)
  }
  visits.sort((left, right) => left.least - right.least)
  return { at: (place) => visits[place] }
}

/** A few comparisons turn most cells away; they come before anything is made of the others. */
const mayMatch = (cell: Cell, bounds: SearchBounds): boolean =>
  boxOverlaps(cell, bounds) && overlap(countsOf(cell, bounds), cell.gpuCount)

const anyCount: Bounds = { min: 0, max: Number.MAX_SAFE_INTEGER }

/** Nothing is within these, nor overlaps them. */
const noCount: Bounds = { min: Infinity, max: -Infinity }

const countsOf = ({ gpuId }: Cell, { gpuCounts }: SearchBounds): Bounds =>
  gpuCounts === null ? anyCount : (gpuCounts.get(gpuId) ?? noCount)

const visitOf = (cell: Cell, bounds: SearchBounds, least: number, offers: number): Visit => ({
  cell,
  least,
  cap: bounds.priceMax + (cell.outOfStock ? outOfStock : 0),
  offers,
  gpuCount: countsOf(cell, bounds),
})

/** A statement costs about as much as looking at so many offers' summaries. */
const worthAStatement = 2000

/**
 * The visits from there on that are best made by one statement, while there is no bound: a large
 * cell is read alone, in its own order and so no further than need be; small ones together.
 */
export const madeTogether = (visits: Visits, from: number): readonly Visit[] => {
  const together: Visit[] = []
  let offers = 0
  for (let visit = visits.at(from); visit; visit = visits.at(from + together.length)) {
    offers += visit.cell.offers
    if (offers > worthAStatement && together.length > 0) break
    together.push(visit)
  }
  return together
}

/** Up to `count` visits from there on, as far as they start no higher than the bound. */
export const nextVisits = (
  visits: Visits,
  from: number,
  count: number,
  bound: number,
): readonly Visit[] => {
  const next: Visit[] = []
  while (next.length < count) {
    const visit = visits.at(from + next.length)
    // Strictly above: a tie with the K-th may still win by a later key.
    if (visit === undefined || visit.least > bound) break
    next.push(visit)
  }
  return next
}

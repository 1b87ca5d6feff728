/** Which cells are sold in the regions asked for, and from what standing. */
import { regionMaskBits as maskBits } from '#catalog/tables'
import type { CellRegionRow } from '#query/rows'
import type { Cell } from './cell.ts'

export interface CellPresence {
  /** The least standing of each cell there, in the order of the cells; endless where not sold. */
  readonly least: Float64Array
  readonly offers: Float64Array
  /** The backends that sell there, as a mask. */
  readonly backendMask: number
}

/** What is sold in one region, cell by cell and backend by backend, in columns. */
export interface RegionCells {
  /** Of the cell in the list of cells. */
  readonly place: Int32Array
  readonly backend: Uint8Array
  readonly least: Float64Array
  readonly offers: Float64Array
}

export const regionCells = (
  rows: readonly CellRegionRow[],
  places: ReadonlyMap<number, number>,
): RegionCells => ({
  place: Int32Array.from(rows, ([cellId]) => places.get(cellId) ?? -1),
  backend: Uint8Array.from(rows, ([, backendId]) => backendId),
  least: Float64Array.from(rows, ([, , standing]) => standing),
  offers: Float64Array.from(rows, ([, , , offers]) => offers),
})

/** Finds the places of cells in their list. */
export const cellPlaces = (cells: readonly Cell[]): ReadonlyMap<number, number> =>
  new Map(cells.map(({ id }, place) => [id, place]))

/** Of the backends in the mask, in all the regions together. */
export const cellPresence = (
  cells: number,
  regions: readonly RegionCells[],
  wantedMask: number,
): CellPresence => {
  const wanted = flags(wantedMask)
  const selling = new Uint8Array(wanted.length)
  const least = new Float64Array(cells).fill(Infinity)
  const offers = new Float64Array(cells)
  for (const region of regions) {
    for (let row = 0; row < region.place.length; row++) {
      const backend = region.backend[row] ?? 0
      if (wanted[backend] !== 1) continue
      selling[backend] = 1
      const place = region.place[row] ?? -1
      const standing = region.least[row] ?? Infinity
      if (standing < (least[place] ?? 0)) least[place] = standing
      offers[place] = (offers[place] ?? 0) + (region.offers[row] ?? 0)
    }
  }
  return { least, offers, backendMask: selling.reduce((mask, bit, id) => mask + bit * 2 ** id, 0) }
}

/** The bits of a mask, one by one. */
const flags = (mask: number): Uint8Array =>
  Uint8Array.from({ length: maskBits }, (_, id) => Math.floor(mask / 2 ** id) % 2)

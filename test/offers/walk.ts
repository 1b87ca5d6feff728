/** A walk over made-up cells: statements that answer from tables, and remember what they were asked. */
import type { Cell } from '#offers/cell'
import type { PreparedStatements, RegionStatements } from '#offers/prepared'
import { type Request, requestValues } from '#offers/request'
import { visitsOf } from '#offers/visits'
import type { SearchBounds } from '#query/bounds'
import type { OfferRow, VariantRow } from '#query/rows'

export const aCell = (id: number, over: Partial<Cell> = {}): Cell => ({
  id,
  spot: 0,
  outOfStock: false,
  gpuId: 0,
  gpuCount: { min: 0, max: 0 },
  cpuMilli: { min: 2000, max: 2000 },
  memoryMib: { min: 4096, max: 4096 },
  freeDisk: true,
  diskMib: { min: Infinity, max: -Infinity },
  backendMask: 1,
  standing: { min: id * 10, max: id * 10 + 5 },
  offers: 1000,
  ...over,
})

const anything = { min: 0, max: Number.MAX_SAFE_INTEGER }

export const someBounds = (over: Partial<SearchBounds> = {}): SearchBounds => ({
  cpuMilli: anything,
  memoryMib: anything,
  diskMib: anything,
  priceMax: 10_000,
  spot: { min: 0, max: 1 },
  gpuCounts: null,
  regionIds: null,
  backendMask: 1,
  instanceTypes: null,
  ...over,
})

export const requestFor = (cells: readonly Cell[], bounds: SearchBounds): Request => ({
  values: requestValues(bounds),
  visits: visitsOf(cells, bounds),
  bounds,
})

/** What was asked, in order: the statement, the cells with their bounds, and the limit. */
export interface Asked {
  readonly statement: string
  readonly cells: readonly (readonly [id: number, bound: number])[]
  readonly limit: number
}

export interface Walk {
  readonly run: PreparedStatements
  readonly asked: readonly Asked[]
}

export interface Answers {
  /** By cell, in order. */
  readonly variants?: Readonly<Record<number, readonly VariantRow[]>>
  readonly offers?: Readonly<Record<number, readonly OfferRow[]>>
}

type Given = Parameters<PreparedStatements['variants']>[0]

const cellsOf = (given: Given): Asked['cells'] => {
  if (given.visits === undefined) return [[Number(given.cell), Number(given.bound)]]
  const visits = JSON.parse(String(given.visits)) as readonly (readonly [number, number])[]
  return visits.map(([id, bound]) => [id, bound])
}

export const walkOver = ({ variants = {}, offers = {} }: Answers): Walk => {
  const asked: Asked[] = []
  const answer =
    <Row>(statement: string, rows: (cells: Asked['cells']) => readonly Row[]) =>
    (given: Given): readonly Row[] => {
      const cells = cellsOf(given)
      const limit = Number(given.limit)
      asked.push({ statement, cells, limit })
      const found = rows(cells)
      return limit < 0 ? found : found.slice(0, limit)
    }
  const below = <Row extends VariantRow | OfferRow>(
    table: Readonly<Record<number, readonly Row[]>>,
    cells: Asked['cells'],
  ): readonly Row[] =>
    cells
      .flatMap(([id, bound]) => (table[id] ?? []).filter(([, standing]) => standing <= bound))
      .toSorted((left, right) => left[1] - right[1] || left[0] - right[0])
  const none = (): never => {
    throw new Error('not part of a walk')
  }
  const regions = (kind: string): RegionStatements => ({
    standings: answer(`${kind} standings`, (cells) =>
      below(offers, cells).map(([, standing]): readonly [number] => [standing]),
    ),
    offers: answer(`${kind} offers`, (cells) => below(offers, cells)),
    count: none,
  })
  return {
    asked,
    run: {
      cells: none,
      cellsOfRegion: none,
      variants: answer('variants', (cells) => below(variants, cells)),
      variantsOfCells: answer('variants of cells', (cells) => below(variants, cells)),
      offersOfVariants: (given) => {
        const ids = JSON.parse(String(given.variants)) as readonly number[]
        asked.push({
          statement: 'offers of variants',
          cells: ids.map((id) => [id, Number(given.bound)]),
          limit: Number(given.limit),
        })
        return []
      },
      offersOfInstanceTypes: none,
      instanceTypes: none,
      count: none,
      inRegions: (count) => regions(count > 6 ? 'many' : 'few'),
    },
  }
}

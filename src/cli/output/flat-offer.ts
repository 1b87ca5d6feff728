import type { Offer } from '#domain/offer'
import { toOfferDocument } from './document.ts'

type Cell = string | number | boolean | null

const flatten = (value: object, prefix: string): readonly (readonly [string, Cell])[] =>
  Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    const name = prefix + key
    if (typeof item === 'object' && item !== null) return flatten(item, `${name}_`)
    return [[name, toCell(item)] as const]
  })

const toCell = (value: unknown): Cell =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? value
    : null

/** The columns of CSV and TSV: the keys of the document, nested ones joined by `_`. */
export const flatColumns = [
  'rank',
  'id',
  'backend',
  'region',
  'zone',
  'instance_type',
  'cpus',
  'memory_mib',
  'gpu_name',
  'gpu_vendor',
  'gpu_count',
  'gpu_memory_mib',
  'disk_mib',
  'spot',
  'price_amount',
  'price_currency',
  'price_per',
  'availability',
  'source',
  'observed_at',
] as const

/** One cell a column; unknown is empty. */
export const flattenOffer = (offer: Offer, rank: number): readonly string[] => {
  return cellsOf(toOfferDocument(offer, rank), flatColumns)
}

/** Columns after those of every offer: what an overlay did, what it costs. */
export interface ExtraCells {
  readonly columns: readonly string[]
  /** By offer, in their order. */
  readonly cells: readonly (readonly string[])[]
}

export const noExtraCells: ExtraCells = { columns: [], cells: [] }

/** The heading, and a line an offer. */
export const flatTable = (
  offers: readonly Offer[],
  { columns, cells }: ExtraCells,
): readonly (readonly string[])[] => [
  [...flatColumns, ...columns],
  ...offers.map((offer, index) => [
    ...flattenOffer(offer, index + 1),
    ...(cells[index] ?? columns.map(() => '')),
  ]),
]

/** The cells of a document under the given columns, its nested keys joined by `_`. */
export const cellsOf = (document: object, columns: readonly string[]): readonly string[] => {
  const cells = new Map(flatten(document, ''))
  return columns.map((column) => String(cells.get(column) ?? ''))
}

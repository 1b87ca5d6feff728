/** Stock of the types in a zone. */
import { UpstreamInvalidError } from '#domain/errors'
import type { Stock } from '#domain/offer'
import type { ImportIo } from '#backends/kit/io'
import { type CountedPage, numberedPages } from '#backends/kit/numbered-pages'
import { readWire } from '#backends/kit/wire'
import { availabilityAnswer } from './schema.ts'

/** By zone and type, in the source's words. */
export type ZoneStock = ReadonlyMap<string, string>

interface TypeStock {
  readonly place: string
  readonly availability: string
}

export const stockList = (zone: string): string => `stock of ${zone}`

const placeOf = (zone: string, type: string): string => `${zone}/${type}`

const rowsPerPage = 100

/** Of all pages, as a header tells it; without that header a page that is not full is the last. */
const totalOf = (header: string | undefined, count: number): number => {
  if (header !== undefined && /^\d{1,6}$/.test(header)) return Number(header)
  if (count < rowsPerPage) return count
  throw new UpstreamInvalidError('scaleway stock: a full page without a count of all')
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new UpstreamInvalidError('scaleway stock: the answer is no JSON')
  }
}

export const fetchStock = (io: ImportIo, zone: string): AsyncIterable<CountedPage<TypeStock>> =>
  numberedPages(stockList(zone), async (page) => {
    const { text, headers } = await io.answer({
      path: `/instance/v1/zones/${encodeURIComponent(zone)}/products/servers/availability`,
      query: { per_page: String(rowsPerPage), page: String(page) },
    })
    const { servers } = readWire(availabilityAnswer, parse(text), 'scaleway stock')
    const rows = Object.entries(servers).map(([type, { availability }]) => ({
      place: placeOf(zone, type),
      availability: availability ?? '',
    }))
    const total = totalOf(headers['x-total-count'], rows.length)
    return { rows: { rows, malformed: [], count: rows.length }, total }
  })

/** A word not known yet is no promise. */
export const stockAt = (stock: ZoneStock, zone: string | null, type: string): Stock => {
  switch (stock.get(placeOf(zone ?? '', type))) {
    case 'available':
      return 'high'
    case 'scarce':
      return 'low'
    case 'shortage':
      return 'none'
    case undefined:
    default:
      return 'unknown'
  }
}

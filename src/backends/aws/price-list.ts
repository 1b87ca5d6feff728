/** The rows of a region's price list that give offers. */
import type { Reject } from '#backends/kit/importer'
import type { Lines } from '#backends/kit/lines'
import { restored } from '#backends/kit/wire'
import { UpstreamInvalidError } from '#domain/errors'
import { type CsvRow, readCsv } from '#platform/csv'
import { siftedLines } from './price-sieve.ts'
import { keptPriceList, priceColumns, type PriceRow, priceRowOf } from './schema.ts'

export interface PriceList {
  readonly prices: readonly PriceRow[]
  readonly malformed: readonly Reject[]
}

async function* bytesOf(lines: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const line of lines) yield Buffer.from(`${line}\n`)
}

const checkColumns = (header: readonly string[], what: string): void => {
  const absent = Object.values(priceColumns).find((column) => !header.includes(column))
  if (absent === undefined) return
  throw new UpstreamInvalidError(`${what}: there is no column "${absent}"`, {
    hint: 'the source may have changed its format; the catalog keeps what it has',
  })
}

/**
 * One row per type and region: without licences, reservations, dedicated hosts, unused capacity or
 * software. Capacity blocks and zones are left in, to be counted.
 */
const isPlain = (row: PriceRow): boolean =>
  row.term === 'OnDemand' &&
  row.unit === 'Hrs' &&
  row.currency === 'USD' &&
  row.tenancy === 'Shared' &&
  row.system === 'Linux' &&
  (row.preInstalled === '' || row.preInstalled === 'NA') &&
  row.capacity === 'Used' &&
  row.operation === 'RunInstances'

const labelOf = (raw: CsvRow, row: PriceRow): string => row.instanceType || (raw['SKU'] ?? '?')

/** Throws UpstreamInvalidError where a column that is read is not there, or the last row is no whole one. */
export const readPriceList = async (lines: Lines, region: string): Promise<PriceList> => {
  const what = `aws price list of ${region}`
  const { header, rows } = await readCsv(bytesOf(siftedLines(lines)), what)
  checkColumns(header, what)
  const prices: PriceRow[] = []
  const malformed: Reject[] = []
  const lastColumn = header.at(-1) ?? ''
  let isCutOff = false
  for await (const raw of rows) {
    isCutOff = raw[lastColumn] === undefined
    const row = priceRowOf((column) => raw[column]?.trim() ?? '')
    if (row.term === '') malformed.push({ reason: 'no usable "TermType"', row: labelOf(raw, row) })
    else if (!isPlain(row)) continue
    else if (row.instanceType === '') {
      malformed.push({ reason: 'no usable "Instance Type"', row: labelOf(raw, row) })
    } else prices.push(row)
  }
  if (isCutOff) throw new UpstreamInvalidError(`${what} is cut off within its last row`)
  return { prices, malformed }
}

/** Null for what is none. */
export const restorePriceList = (value: unknown): PriceList | null => restored(keptPriceList, value)

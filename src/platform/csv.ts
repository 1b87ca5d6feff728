/** CSV as a stream of rows by column name. */
import { Readable } from 'node:stream'
import { CsvError, type Options, parse } from 'csv-parse'
import { UpstreamInvalidError } from '#domain/errors'

/** The fields of a row by column name; one that the row does not reach is absent. */
export type CsvRow = Readonly<Record<string, string | undefined>>

export interface CsvTable {
  /** Names of the columns, in the order of the file; empty for an empty file. */
  readonly header: readonly string[]
  readonly rows: AsyncIterable<CsvRow>
}

const longestRowBytes = 1024 * 1024

/** Fields past the header's are dropped: some sources leave a comma inside their last field bare. */
const options: Options = {
  bom: true,
  relax_column_count: true,
  skip_empty_lines: true,
  max_record_size: longestRowBytes,
}

const isFields = (value: unknown): value is readonly string[] => Array.isArray(value)

const rowOf = (header: readonly string[], fields: readonly string[]): CsvRow => {
  const row: Record<string, string | undefined> = {}
  for (const [place, column] of header.entries()) row[column] = fields[place]
  return row
}

/** Throws UpstreamInvalidError, then or while rows are read, for what is no CSV. */
export const readCsv = async (
  bytes: AsyncIterable<Uint8Array>,
  name: string,
): Promise<CsvTable> => {
  const source = Readable.from(bytes)
  const parser = source.pipe(parse(options))
  source.on('error', (error) => parser.destroy(error))
  const records: AsyncIterator<unknown, unknown> = parser[Symbol.asyncIterator]()
  const next = async (): Promise<readonly string[] | null> => {
    try {
      const { value } = await records.next()
      return isFields(value) ? value : null
    } catch (error) {
      if (!(error instanceof CsvError)) throw error
      throw new UpstreamInvalidError(`"${name}" is no CSV: ${error.message}`, { cause: error })
    }
  }
  const header = (await next()) ?? []
  const rows = async function* (): AsyncGenerator<CsvRow> {
    try {
      for (let fields = await next(); fields !== null; fields = await next()) {
        yield rowOf(header, fields)
      }
    } finally {
      source.destroy()
      parser.destroy()
    }
  }
  return { header, rows: rows() }
}

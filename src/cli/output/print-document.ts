/** A document in a format for programs; the formats of lines hold its rows alone. */
import type { Json } from '#domain/json'

const documentFormats = ['json', 'yaml', 'jsonl', 'csv', 'tsv'] as const
export type DocumentFormat = (typeof documentFormats)[number]

export const isDocumentFormat = (format: string): format is DocumentFormat =>
  (documentFormats as readonly string[]).includes(format)

export type Row = { readonly [key: string]: Json }

export const printDocument = async (
  format: DocumentFormat,
  document: Json,
  rows: readonly Row[],
): Promise<string> => {
  switch (format) {
    case 'json':
      return (await import('./json.ts')).printJson(document)
    case 'yaml':
      return (await import('./yaml.ts')).printYaml(document)
    case 'jsonl':
      return rows.map((row) => `${JSON.stringify(row)}\n`).join('')
    case 'csv':
      return (await import('./csv.ts')).printCsvTable(flatTable(rows))
    case 'tsv':
      return (await import('./tsv.ts')).printTsvTable(flatTable(rows))
  }
}

const isMapping = (value: Json): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

interface Leaf {
  readonly column: string
  readonly cell: string
}

/** Nested keys joined by `_`; a list is its items, parted by blanks. */
const leavesOf = (row: Row, nested: Set<string>, prefix = ''): readonly Leaf[] =>
  Object.entries(row).flatMap(([key, value]) => {
    const column = prefix + key
    if (isMapping(value)) {
      nested.add(column)
      return leavesOf(value, nested, `${column}_`)
    }
    return [{ column, cell: isList(value) ? value.map(printCell).join(' ') : printCell(value) }]
  })

const printCell = (value: Json): string =>
  value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value)

/** A column for each key of any row; a null where other rows nest has none of its own. */
const flatTable = (rows: readonly Row[]): readonly (readonly string[])[] => {
  const nested = new Set<string>()
  const flat = rows.map(
    (row) => new Map(leavesOf(row, nested).map(({ column, cell }) => [column, cell])),
  )
  const names = [...new Set(flat.flatMap((row) => [...row.keys()]))]
  const columns = names.filter((name) => !nested.has(name))
  return [columns, ...flat.map((row) => columns.map((column) => row.get(column) ?? ''))]
}

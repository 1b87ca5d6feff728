/** Rows as columns: `submittedMs` is `submitted_ms`, and what is no plain value is JSON. */
import type { Sqlite, Statement } from '#platform/sqlite'

type Values = Readonly<Record<string, string | number | null>>

/** What changes of a row; what is left out stays. */
export type Change<Row> = Partial<Row>

export const columnOf = (key: string): string =>
  key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const plain = (value: unknown): string | number | null => {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  return JSON.stringify(value)
}

const valuesOf = (row: object): Values =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [columnOf(key), plain(value)]),
  )

const pairs = (values: Values, between: string): string =>
  Object.keys(values)
    .map((column) => `${column} = @${column}`)
    .join(between)

/** Writes with statements that are compiled once. */
export interface Writer {
  /** How many rows changed. */
  run(sql: string, values?: Values): number
  insert(table: string, row: object): void
  /** The row as it is afterwards. */
  update<Row extends object>(table: string, row: Row, change: Change<Row>, keys: Values): Row
}

export const newWriter = (database: Sqlite): Writer => {
  const compiled = new Map<string, Statement>()
  const run = (sql: string, values: Values = {}): number => {
    const statement = compiled.get(sql) ?? database.prepare(sql)
    compiled.set(sql, statement)
    return statement.run(values).changes
  }
  return {
    run,
    insert: (table, row) => {
      const values = valuesOf(row)
      const columns = Object.keys(values)
      const places = columns.map((column) => `@${column}`)
      run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places.join(', ')})`, values)
    },
    update: (table, row, change, keys) => {
      const values = valuesOf(change)
      if (Object.keys(values).length > 0) {
        const sql = `UPDATE ${table} SET ${pairs(values, ', ')} WHERE ${pairs(keys, ' AND ')}`
        run(sql, { ...values, ...keys })
      }
      return { ...row, ...change }
    },
  }
}

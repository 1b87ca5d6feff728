/** `sql`: a query over the catalogs and the history, read-only. */
import { Option, type Command } from 'commander'
import type { QueryAnswer, QueryValue, View } from '#api/history'
import { ArgumentError } from '#domain/errors'
import { addCommonFlags, addOutputFlag, type CommonFlags } from '#cli/flags'
import { writeNotes } from '#cli/notes'
import { formatVersion } from '#cli/output/document'
import { lookOf, type Look } from '#cli/terminal'
import { visible } from '#cli/text-width'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'

const formats = ['table', 'json', 'csv', 'tsv'] as const

interface Flags extends CommonFlags {
  readonly output: (typeof formats)[number]
  readonly schema?: boolean
  readonly maxRows: number
  readonly timeout: number
}

const printCell = (value: QueryValue): string => (value === null ? '' : String(value))

const printTable = async ({ columns, rows }: QueryAnswer, { style }: Look): Promise<string> => {
  const { rowPrinter } = await import('#cli/tables/columns')
  const print = rowPrinter(
    columns.map((heading, index) => ({
      heading: visible(heading),
      align: rows.every((row) => typeof row[index] !== 'string') ? 'right' : 'left',
      cells: rows.map((row) => visible(printCell(row[index] ?? null))),
    })),
  )
  return [style.bold(print(-1)), ...rows.map((_, row) => print(row))]
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

const printAnswer = async (
  answer: QueryAnswer,
  format: Flags['output'],
  look: Look,
): Promise<string> => {
  const { columns, rows, more } = answer
  const lines = (): readonly (readonly string[])[] => [
    columns,
    ...rows.map((row) => row.map(printCell)),
  ]
  switch (format) {
    case 'table':
      return printTable(answer, look)
    case 'json': {
      const { printJson } = await import('#cli/output/json')
      return printJson({ format_version: formatVersion, kind: 'query', columns, rows, more })
    }
    case 'csv':
      return (await import('#cli/output/csv')).printCsvTable(lines())
    case 'tsv':
      return (await import('#cli/output/tsv')).printTsvTable(lines())
  }
}

const printView = ({ name, about, columns }: View, { style }: Look): string => {
  const width = Math.max(...columns.map((column) => column.name.length))
  const lines = columns.map(
    (column) => `  ${column.name.padEnd(width)}  ${column.type.padEnd(7)}  ${column.meaning}`,
  )
  return [`${style.bold(name)}: ${about}`, ...lines].map((line) => `${line}\n`).join('')
}

const schemaAnswer = (views: readonly View[]): QueryAnswer => ({
  columns: ['view', 'column', 'type', 'meaning'],
  rows: views.flatMap((view) =>
    view.columns.map(({ name, type, meaning }) => [view.name, name, type, meaning]),
  ),
  more: false,
})

const longestQuery = 1_000_000

const readQuery = (argument: string | undefined, { files }: World): string => {
  if (argument === undefined) {
    throw new ArgumentError('there is no query', {
      hint: 'dstack-offers sql "select backend, count(*) from offers group by 1"',
    })
  }
  return argument === '-' ? files.readText('-', longestQuery) : argument
}

const runSql = async (argument: string | undefined, flags: Flags, world: World): Promise<void> => {
  const look = lookOf('stdout', world, flags.color)
  const { queryPrices, views } = await import('#api/history')
  if (flags.schema === true) {
    const text =
      flags.output === 'table'
        ? views.map((view) => printView(view, look)).join('\n')
        : await printAnswer(schemaAnswer(views), flags.output, look)
    world.stdout.write(text)
    return
  }
  const answer = await queryPrices(readQuery(argument, world), {
    environment: world.environment,
    limit: flags.maxRows,
    timeLimitMs: flags.timeout,
  })
  world.stdout.write(await printAnswer(answer, flags.output, look))
  const cut = answer.more ? [`only the first ${flags.maxRows} rows: -n 0 gives all`] : []
  writeNotes('note', cut, world, flags)
}

const parseRows = (value: string): number => {
  if (/^\d{1,9}$/.test(value)) return Number(value)
  throw new ArgumentError(`--max-rows "${value}" is no number of rows`, {
    hint: 'a whole number, such as 1000; 0 gives all',
  })
}

const parseTimeout = (value: string): number => {
  const [, amount, unit] = /^([1-9]\d{0,4})(s|m)$/.exec(value) ?? []
  if (amount !== undefined) return Number(amount) * (unit === 'm' ? 60_000 : 1000)
  throw new ArgumentError(`--timeout "${value}" is no time`, { hint: 'such as 10s or 2m' })
}

const notes = `
Views: offers, price_changes, backends; --schema lists their columns. One
statement that reads: nothing is written, and no other file is attached.
  dstack-offers sql "select backend, count(*) from offers group by 1"
  dstack-offers sql "select * from price_changes where kind = 'price'" -o csv`

export const addSqlCommand = (program: Command, { world, typed }: CommandGiven): void => {
  const command = program
    .command('sql')
    .summary('ask the catalog and its history by SQL')
    .description('Answers a query in SQLite’s SQL over documented views, read-only.')
    .argument('[query]', 'a SELECT, or - for standard input')
  addOutputFlag(command, formats)
  if (!typed) return
  command
    .option('--schema', 'list the views and their columns')
    .option('-n, --max-rows <count>', 'rows given; 0 for all', parseRows, 1000)
    .addOption(
      new Option('--timeout <time>', 'the longest a query may take')
        .default(10_000, '10s')
        .argParser(parseTimeout),
    )
  addCommonFlags(command)
    .addHelpText('after', notes)
    .action((query: string | undefined, flags: Flags) => runSql(query, flags, world))
}

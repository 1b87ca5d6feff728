/** `diff`: what has changed since a moment. */
import type { Command } from 'commander'
import type { Difference, Differences } from '#api/history'
import { exitCodes } from '#cli/exit-codes'
import {
  addCommonFlags,
  addOutputFlag,
  addRequestFlags,
  type CommonFlags,
  type RequestFlags,
} from '#cli/flags'
import { writeNotes } from '#cli/notes'
import { parseLimit } from '#cli/offer-limit'
import { formatVersion } from '#cli/output/document'
import { readRequest } from '#cli/read-request'
import { printCount } from '#cli/tables/numbers'
import { lookOf, type Look } from '#cli/terminal'
import { visible } from '#cli/text-width'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'
import { cutId, isTabular, printHeading } from './history.ts'

const formats = ['table', 'json', 'yaml', 'jsonl', 'csv', 'tsv', 'md'] as const

interface Flags extends CommonFlags, RequestFlags {
  readonly output: (typeof formats)[number]
  readonly since: string
  readonly config?: string
  readonly exitCode?: boolean
  readonly maxOffers: number
}

interface Shown {
  readonly differences: readonly Difference[]
  readonly hidden: number
  /** `3 cheaper, 1 gone`. */
  readonly summary: string
}

const summarise = ({ differences }: Differences): string => {
  const counts = new Map<string, number>()
  for (const { kind } of differences) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  const parts = [...counts].map(([kind, count]) => `${printCount(count)} ${kind}`)
  return parts.length === 0 ? 'No difference' : parts.join(', ')
}

/** `-12.5%`; empty without two prices, and where the first was 0. */
const changeCell = ({ beforeNanoUsd, afterNanoUsd }: Difference): string => {
  if (!beforeNanoUsd || afterNanoUsd === null) return ''
  const percent = Math.round(((afterNanoUsd - beforeNanoUsd) / beforeNanoUsd) * 1000) / 10
  return `${percent > 0 ? '+' : ''}${percent}%`
}

const cellsOf = async (differences: readonly Difference[]) => {
  const { printPrices } = await import('#cli/tables/price-column')
  const prices = printPrices([
    ...differences.map(({ beforeNanoUsd }) => beforeNanoUsd),
    ...differences.map(({ afterNanoUsd }) => afterNanoUsd),
  ])
  return {
    before: differences.map(({ kind }, row) => (kind === 'added' ? '-' : (prices[row] ?? '?'))),
    after: differences.map(({ kind }, row) =>
      kind === 'gone' ? '-' : (prices[differences.length + row] ?? '?'),
    ),
  }
}

const leastIdWidth = 20

const printTable = async ({ differences, hidden, summary }: Shown, { style, width }: Look) => {
  const { columnsWidth, columnWidth, rowPrinter } = await import('#cli/tables/columns')
  const { before, after } = await cellsOf(differences)
  const left = (heading: string, cells: readonly string[]) =>
    ({ heading, align: 'left', cells }) as const
  const right = (heading: string, cells: readonly string[]) =>
    ({ heading, align: 'right', cells }) as const
  const ids = left(
    'OFFER',
    differences.map(({ offer }) => visible(offer.id)),
  )
  const kinds = left(
    'KIND',
    differences.map(({ kind }) => kind),
  )
  const whole = [
    kinds,
    ids,
    right('BEFORE', before),
    { ...right('NOW', after), paint: style.bold },
    right('CHANGE', differences.map(changeCell)),
    left(
      'CHANGED',
      differences.map(({ changedAt }) => changedAt.slice(0, 10)),
    ),
  ]
  const layouts = [whole, whole.slice(0, -1), whole.slice(0, -2)]
  const roomIn = (layout: typeof whole): number =>
    width === null ? columnWidth(ids) : columnWidth(ids) - (columnsWidth(layout) - width)
  const least = Math.min(columnWidth(ids), leastIdWidth)
  const layout = layouts.find((one) => roomIn(one) >= least) ?? whole.slice(0, -2)
  const room = Math.max(roomIn(layout), 8)
  const print = rowPrinter(
    layout.map((one) =>
      one === ids ? { ...ids, cells: ids.cells.map((cell) => cutId(cell, room)) } : one,
    ),
  )
  const tail = hidden > 0 ? ` ${printCount(hidden)} more: -n 0 shows all.` : ''
  const rows = differences.map((_, row) => print(row))
  return [...(rows.length === 0 ? [] : [style.bold(print(-1)), ...rows]), `${summary}.${tail}`]
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

const escape = (cell: string): string => visible(cell).replaceAll(/[\\|`*_<>[\]]/g, '\\$&')

const printMarkdown = async ({ differences, hidden, summary }: Shown): Promise<string> => {
  const { before, after } = await cellsOf(differences)
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`
  const rows = differences.map((one, row) =>
    line(
      [
        one.kind,
        one.offer.id,
        before[row] ?? '?',
        after[row] ?? '?',
        changeCell(one),
        one.changedAt.slice(0, 10),
      ].map(escape),
    ),
  )
  const head =
    rows.length === 0
      ? ''
      : `${line(['Kind', 'Offer', 'Before', 'Now', 'Change', 'Changed'])}${line(['---', '---', '--:', '--:', '--:', '---'])}${rows.join('')}\n`
  const tail = hidden > 0 ? ` ${printCount(hidden)} more.` : ''
  return `${head}${summary}.${tail}\n`
}

const runDiff = async (flags: Flags, world: World): Promise<number> => {
  const { requirements } = await readRequest({ file: flags.config, flags, runArguments: [] }, world)
  const room = await import('#api/history')
  const since = room.parseSince(flags.since, world.nowMs, '--since')
  const found = room.withHistory(room.historyPlaces(world.environment), (database) =>
    room.differencesSince(database, since, requirements),
  )
  const isAsked = ({ backend }: { readonly backend: string }): boolean =>
    requirements.backends?.includes(backend) ?? true
  const differences = found.differences.slice(0, flags.maxOffers || undefined)
  const hidden = found.differences.length - differences.length
  const shown = { differences, hidden, summary: summarise(found) }
  if (flags.output === 'table') {
    world.stdout.write(await printTable(shown, lookOf('stdout', world, flags.color)))
  } else if (flags.output === 'md') {
    world.stdout.write(await printMarkdown(shown))
  } else if (differences.length === 0 && isTabular(flags.output)) {
    world.stdout.write(printHeading(flags.output, room.differenceColumns))
  } else {
    const { printDocument } = await import('#cli/output/print-document')
    const rows = differences.map(room.differenceDocument)
    const document = {
      format_version: formatVersion,
      kind: 'differences',
      since: room.printMoment(since),
      counts: { differences: found.differences.length, shown: differences.length },
      later: found.later.filter(isAsked).map((one) => ({ backend: one.backend, since: one.since })),
      differences: rows,
    }
    world.stdout.write(await printDocument(flags.output, document, rows))
  }
  const late = found.later
    .filter(isAsked)
    .map(({ backend, since: at }) => `${visible(backend)} is recorded only since ${at}`)
  writeNotes('note', late, world, flags)
  return flags.exitCode === true && found.differences.length > 0
    ? exitCodes.differences
    : exitCodes.done
}

const notes = `
Compares what was recorded by then with what is recorded last; own prices of an
overlay do not count. Exit codes: 0, or with --exit-code 8 where there is a
difference.`

export const addDiffCommand = (program: Command, { world, ending, typed }: CommandGiven): void => {
  const command = program
    .command('diff')
    .summary('show what became cheaper or dearer, came or went')
    .description('Shows how recorded offers differ from those of a moment before.')
  addOutputFlag(command, formats)
  if (!typed) return
  command
    .option('--since <moment>', 'a duration before now, or a day: 12h, 7d, 2026-11-01', '7d')
    .option('--config <file>', 'only offers that meet what FILE asks')
    .option('--exit-code', 'end with 8 where there is a difference')
    .option('-n, --max-offers <count>', 'differences shown; 0 for all', parseLimit, 20)
  addRequestFlags(addCommonFlags(command))
    .addHelpText('after', notes)
    .action(async (flags: Flags) => {
      ending.code = await runDiff(flags, world)
    })
}

/** `history`: how the prices of offers went. */
import type { Command } from 'commander'
import type * as Room from '#api/history'
import type { FoundSeries, PricePoint, PriceSeries } from '#api/history'
import { ArgumentError } from '#domain/errors'
import { nearest } from '#domain/spelling'
import { exitCodes } from '#cli/exit-codes'
import {
  addCommonFlags,
  addOutputFlag,
  addRequestFlags,
  type CommonFlags,
  type RequestFlags,
} from '#cli/flags'
import { parseLimit } from '#cli/offer-limit'
import { formatVersion } from '#cli/output/document'
import { readRequest } from '#cli/read-request'
import { printCount, printCounted } from '#cli/tables/numbers'
import { lookOf, type Look } from '#cli/terminal'
import { cutText, textWidth, visible } from '#cli/text-width'
import type { World } from '#cli/world'
import type { CommandGiven } from './given.ts'

const formats = ['table', 'json', 'yaml', 'jsonl', 'csv', 'tsv'] as const

interface Flags extends CommonFlags, RequestFlags {
  readonly output: (typeof formats)[number]
  readonly maxOffers: number
}

interface Course {
  readonly found: FoundSeries
  readonly room: typeof Room
  readonly world: World
  readonly look: Look
}

/** An id cut to a width. Its end stays: it tells spot from on-demand. */
export const cutId = (id: string, width: number): string => {
  const end = id.slice(id.lastIndexOf('/'))
  return textWidth(id) <= width || width <= textWidth(end) + 4
    ? cutText(id, width)
    : cutText(id.slice(0, -end.length), width - textWidth(end)) + end
}

const sparkWidth = 20
/** What is left of an id where the terminal is narrow. */
const leastIdWidth = 24

const sparkOf = ({ points }: PriceSeries, width: number, { room, world }: Course): string =>
  room.sparkline(points, {
    width,
    nowMs: world.nowMs,
    unicode: room.showsUnicode(world.environment),
  })

const extremes = ({ points }: PriceSeries): readonly [number | null, number | null] => {
  const prices = points.flatMap(({ priceNanoUsd }) => priceNanoUsd ?? [])
  return prices.length === 0 ? [null, null] : [Math.min(...prices), Math.max(...prices)]
}

const columnsOf = async (course: Course) => {
  const { columnsWidth, columnWidth } = await import('#cli/tables/columns')
  const { printPrices } = await import('#cli/tables/price-column')
  const { series } = course.found
  const { style, width } = course.look
  const prices = printPrices([
    ...series.map(({ offer }) => offer.priceNanoUsd),
    ...series.map((one) => extremes(one)[0]),
    ...series.map((one) => extremes(one)[1]),
  ])
  const column = (heading: string, align: 'left' | 'right', cells: readonly string[]) => ({
    heading,
    align,
    cells,
  })
  const id = column(
    'OFFER',
    'left',
    series.map(({ offer }) => visible(offer.id)),
  )
  const now = {
    ...column(
      '$/H',
      'right',
      series.map(({ gone }, row) => (gone ? 'gone' : (prices[row] ?? '?'))),
    ),
    paint: style.bold,
  }
  const at = (row: number): string => prices[row] ?? '?'
  const low = column(
    'LOW',
    'right',
    series.map((_, row) => at(series.length + row)),
  )
  const high = column(
    'HIGH',
    'right',
    series.map((_, row) => at(2 * series.length + row)),
  )
  const changes = column(
    'CHANGES',
    'right',
    series.map(({ points }) => printCount(points.length - 1)),
  )
  const since = column(
    'SINCE',
    'left',
    series.map(({ points }) => points[0]?.at.slice(0, 10) ?? '?'),
  )
  const spark = column(
    'COURSE',
    'left',
    series.map((one) => sparkOf(one, sparkWidth, course)),
  )
  const layouts = [
    [id, now, low, high, changes, since, spark],
    [id, now, low, high, spark],
    [id, now, spark],
    [id, now],
  ]
  if (width === null) return layouts[0] ?? []
  for (const layout of layouts) {
    const room = columnWidth(id) - (columnsWidth(layout) - width)
    if (room >= Math.min(columnWidth(id), leastIdWidth)) {
      return layout.map((one) =>
        one === id ? { ...id, cells: id.cells.map((cell) => cutId(cell, room)) } : one,
      )
    }
  }
  return [id, now]
}

const printTable = async (course: Course): Promise<string> => {
  const { rowPrinter } = await import('#cli/tables/columns')
  const { series, matched } = course.found
  const print = rowPrinter(await columnsOf(course))
  const hidden = matched - series.length
  const tail = hidden > 0 ? ` ${printCount(hidden)} more: -n 0 shows all.` : ''
  return [
    ...(series.length === 0 ? [] : [course.look.style.bold(print(-1))]),
    ...series.map((_, row) => print(row)),
    `${printCounted(matched, 'offer')}.${tail}`,
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

/** `-12.5%`; empty where there is nothing to compare. */
const printStep = (before: PricePoint | undefined, now: PricePoint): string => {
  const [old, next] = [before?.priceNanoUsd ?? null, now.priceNanoUsd]
  if (!old || next === null || old === next) return ''
  const percent = Math.round(((next - old) / old) * 1000) / 10
  return `${percent > 0 ? '+' : ''}${percent}%`
}

/** One offer, point by point. */
const printOne = async (series: PriceSeries, course: Course): Promise<string> => {
  const { rowPrinter } = await import('#cli/tables/columns')
  const { printPrices } = await import('#cli/tables/price-column')
  const { points, offer } = series
  const { style, width } = course.look
  const prices = printPrices(points.map(({ priceNanoUsd }) => priceNanoUsd))
  const print = rowPrinter([
    { heading: 'SINCE', align: 'left', cells: points.map(({ at }) => at) },
    {
      heading: '$/H',
      align: 'right',
      cells: points.map(({ gone }, row) => (gone ? 'gone' : (prices[row] ?? '?'))),
      paint: style.bold,
    },
    {
      heading: 'STEP',
      align: 'right',
      cells: points.map((one, row) => printStep(points[row - 1], one)),
    },
    { heading: 'STOCK', align: 'left', cells: points.map(({ stock }) => stock ?? '-') },
  ])
  const spark = sparkOf(series, Math.max(10, Math.min(60, width ?? 60)), course)
  return [
    style.bold(visible(offer.id)),
    spark,
    '',
    style.bold(print(-1)),
    ...points.map((_, row) => print(row)),
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

export const isTabular = (format: string): format is 'csv' | 'tsv' =>
  format === 'csv' || format === 'tsv'

/** What stands there without any row, as it does with rows. */
export const printHeading = (format: 'csv' | 'tsv', columns: readonly string[]): string =>
  `${columns.join(format === 'csv' ? ',' : '\t')}\n`

const print = async (format: Flags['output'], single: boolean, course: Course): Promise<string> => {
  const { found, room } = course
  const [only] = found.series
  if (format === 'table') {
    return single && only !== undefined ? printOne(only, course) : printTable(course)
  }
  const { printDocument } = await import('#cli/output/print-document')
  if (found.series.length === 0 && isTabular(format))
    return printHeading(format, room.seriesColumns)
  const document = {
    format_version: formatVersion,
    kind: 'history',
    counts: { matched: found.matched, shown: found.series.length },
    offers: found.series.map(room.seriesDocument),
  }
  return printDocument(format, document, found.series.flatMap(room.seriesRows))
}

const refuseUnknown = (offerId: string, ids: readonly string[]): never => {
  const near = nearest(offerId, ids)
  throw new ArgumentError(`no price of "${offerId}" is recorded`, {
    hint:
      near === null
        ? 'an offer is backend/region/instance_type/spot|on-demand'
        : `did you mean ${near}?`,
  })
}

const runHistory = async (
  offerId: string | undefined,
  flags: Flags,
  world: World,
): Promise<number> => {
  const { requirements } = await readRequest({ file: undefined, flags, runArguments: [] }, world)
  const room = await import('#api/history')
  const asked = { requirements, offerId: offerId ?? null, limit: flags.maxOffers }
  const found = room.withHistory(room.historyPlaces(world.environment), (database) => {
    const series = room.priceSeries(database, asked)
    if (offerId !== undefined && series.matched === 0) {
      const ids = room.recordedIds(database)
      if (!ids.includes(offerId)) refuseUnknown(offerId, ids)
    }
    return series
  })
  const course = { found, room, world, look: lookOf('stdout', world, flags.color) }
  world.stdout.write(await print(flags.output, offerId !== undefined, course))
  return found.matched === 0 ? exitCodes.noOffers : exitCodes.done
}

const notes = `
Changes are recorded by catalog refresh, import, pull and accept; the catalog
that comes with the program has one state only. Exit code 3: no offer matched.`

export const addHistoryCommand = (
  program: Command,
  { world, ending, typed }: CommandGiven,
): void => {
  const command = program
    .command('history')
    .summary('show how prices went')
    .description('Shows every recorded price of an offer, or the course of prices of many.')
    .argument('[offer]', 'backend/region/instance_type/spot|on-demand, as -o json prints ids')
  addOutputFlag(command, formats)
  if (!typed) return
  command.option('-n, --max-offers <count>', 'offers shown; 0 for all', parseLimit, 20)
  addRequestFlags(addCommonFlags(command))
    .addHelpText('after', notes)
    .action(async (offerId: string | undefined, flags: Flags) => {
      ending.code = await runHistory(offerId, flags, world)
    })
}

/** Traffic as text: a line per request, or per interval with its number of requests. */
import type { Trace } from '#api/simulate'
import { ArgumentError } from '#domain/errors'
import { parseInstant } from '#platform/clock'
import { visible } from './text-width.ts'

const mostRequests = 10_000_000
const longestMs = 366 * 86_400_000

type TimeColumn = 'seconds' | 'time'

interface Header {
  readonly column: TimeColumn
  readonly counts: boolean
}

/** A line of the file, counted from 1. */
interface Line {
  readonly file: string
  readonly number: number
}

const refuse = ({ file, number }: Line, what: string, hint?: string): never => {
  throw new ArgumentError(`"${visible(file)}" line ${number}: ${what}`, { hint })
}

const refuseValue = (line: Line, column: string, value: string, hint: string): never =>
  refuse(line, `${column} "${visible(value)}" is none`, hint)

const readHeader = (text: string, file: string): Header => {
  const names = text.split(',').map((name) => name.trim().toLowerCase())
  const [column, second] = names
  const isKnown = names.length <= 2 && (second === undefined || second === 'requests')
  if (isKnown && (column === 'seconds' || column === 'time')) {
    return { column, counts: second !== undefined }
  }
  return refuse(
    { file, number: 1 },
    `"${visible(text)}" names no columns`,
    'the first line is one of: seconds | time | seconds,requests | time,requests',
  )
}

const readSeconds = (text: string): number | null =>
  /^\d{1,12}(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : null

const timeHints: Record<TimeColumn, string> = {
  seconds: 'seconds from the start, such as 12.5',
  time: 'an RFC 3339 time, such as 2026-11-01T09:30:00Z',
}

const readTimeMs = (text: string, column: TimeColumn, line: Line): number => {
  const value = column === 'seconds' ? readSeconds(text) : parseInstant(text)
  return value ?? refuseValue(line, column, text, timeHints[column])
}

const readCount = (text: string, line: Line): number => {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : null
  return count ?? refuseValue(line, 'requests', text, 'a whole number, such as 120')
}

interface Rows {
  readonly header: Header
  readonly timesMs: readonly number[]
  /** Of each row; empty where each row is a request. */
  readonly counts: readonly number[]
  /** Of the rows, in the file. */
  readonly lines: readonly number[]
}

const readFields = (text: string, { counts }: Header, line: Line): readonly string[] => {
  const fields = text.split(',')
  const expected = counts ? 2 : 1
  if (fields.length !== expected) {
    refuse(line, `"${visible(text)}" has ${fields.length} columns, and the header ${expected}`)
  }
  return fields
}

const readRows = (text: string, file: string): Rows => {
  const [first = '', ...others] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const header = readHeader(first, file)
  const timesMs: number[] = []
  const counts: number[] = []
  const lines: number[] = []
  for (const [index, row] of others.entries()) {
    if (row.trim() === '') continue
    const line = { file, number: index + 2 }
    const [time = '', count = ''] = readFields(row, header, line)
    timesMs.push(readTimeMs(time.trim(), header.column, line))
    if (header.counts) counts.push(readCount(count.trim(), line))
    lines.push(line.number)
  }
  return { header, timesMs, counts, lines }
}

/** Each interval lasts until the next row; the last as long as the one before it. */
const intervalEnds = ({ timesMs, lines }: Rows, file: string): readonly number[] => {
  const ends = timesMs.slice(1)
  for (const [index, endMs] of ends.entries()) {
    if (endMs > (timesMs[index] ?? 0)) continue
    const line = { file, number: lines[index + 1] ?? 0 }
    refuse(line, 'its time is not after the line before', 'a line per interval, in order')
  }
  const [last, before] = [timesMs.at(-1) ?? 0, timesMs.at(-2)]
  if (before === undefined) {
    const line = { file, number: lines[0] ?? 2 }
    refuse(line, 'is the only interval', 'a further line tells how long an interval is')
  }
  return [...ends, last + (last - (before ?? last))]
}

/** The requests of an interval are spread evenly over it. */
const spread = (rows: Rows, ends: readonly number[], total: number): Float64Array => {
  const arrivalsMs = new Float64Array(total)
  let next = 0
  for (const [index, startMs] of rows.timesMs.entries()) {
    const count = rows.counts[index] ?? 0
    const lengthMs = (ends[index] ?? startMs) - startMs
    for (let one = 0; one < count; one += 1) {
      arrivalsMs[next] = startMs + Math.floor(((one + 0.5) * lengthMs) / count)
      next += 1
    }
  }
  return arrivalsMs
}

const checked = (trace: Trace, file: string): Trace => {
  if (trace.arrivalsMs.length === 0) {
    throw new ArgumentError(`"${visible(file)}" holds no request`, {
      hint: 'a line per request under a header such as seconds',
    })
  }
  if (trace.endMs - trace.startMs > longestMs) {
    throw new ArgumentError(`"${visible(file)}" is longer than a year`, {
      hint: 'are its times seconds? a part of it tells as much',
    })
  }
  return trace
}

const refuseTooMany = (file: string, count: number): never => {
  throw new ArgumentError(`"${visible(file)}" has "${count}" requests, and 10000000 are the most`, {
    hint: 'a part of it tells as much',
  })
}

/** Throws ArgumentError for the first line that is wrong. */
export const readTrace = (text: string, file: string): Trace => {
  const rows = readRows(text, file)
  const { header, timesMs, counts } = rows
  const total = header.counts ? counts.reduce((sum, count) => sum + count, 0) : timesMs.length
  if (total > mostRequests) refuseTooMany(file, total)
  const ends = header.counts && total > 0 ? intervalEnds(rows, file) : []
  const arrivalsMs = header.counts
    ? spread(rows, ends, total)
    : Float64Array.from(timesMs).toSorted()
  const firstMs = (header.counts ? timesMs[0] : arrivalsMs[0]) ?? 0
  const startMs = header.column === 'seconds' ? 0 : firstMs
  const endMs = ends.at(-1) ?? arrivalsMs.at(-1) ?? startMs
  return checked({ startMs, endMs, arrivalsMs }, file)
}

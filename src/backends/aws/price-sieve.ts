/**
 * What of a price list is worth parsing. It has hundreds of MB, and one row in some hundreds is an
 * on-demand price of Linux on shared tenancy; so lines are looked through as they are.
 */
import type { Lines } from '#backends/kit/lines'
import { priceColumns } from './schema.ts'

/** Five lines tell version and date before the line of columns. */
const longestPreamble = 20

const unquoted = (cell: string): string => cell.trim().replace(/^"(.*)"$/, '$1')

const placeOfTerm = (line: string): number =>
  line.split(',').map(unquoted).indexOf(priceColumns.term)

/** A cell by its place, empty where the line ends before; no column up to the term's holds a comma. */
const cellAt = (line: string, place: number): string => {
  let start = 0
  for (let passed = 0; passed < place; passed++) {
    const comma = line.indexOf(',', start)
    if (comma === -1) return ''
    start = comma + 1
  }
  const end = line.indexOf(',', start)
  return line.slice(start, end === -1 ? undefined : end)
}

const mayBeLinux = (line: string): boolean =>
  line.includes('Linux') && line.includes('Shared') && line.includes('Used')

/** Whether a line may count, or is of no term. */
const isWorthParsing = (line: string, place: number): boolean => {
  const term = cellAt(line, place)
  return term === '' || (term.includes('OnDemand') && mayBeLinux(line))
}

/** The line of columns, every line worth parsing, and the last: it tells whether the list was cut off. */
export async function* siftedLines(lines: Lines): AsyncGenerator<string> {
  let place = -1
  let before = 0
  let passedOver = ''
  for await (const several of lines) {
    for (const line of several) {
      if (place === -1) {
        place = placeOfTerm(line)
        if (place !== -1) yield line
        else if (++before > longestPreamble) return
      } else if (line.trim() === '') continue
      else if (isWorthParsing(line, place)) {
        passedOver = ''
        yield line
      } else passedOver = line
    }
  }
  if (passedOver !== '') yield passedOver
}

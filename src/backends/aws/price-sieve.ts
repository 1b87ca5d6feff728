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

/** A cell by its place; no column up to the term's holds a comma. */
const cellAt = (line: string, place: number): string => {
  let start = 0
  for (let passed = 0; passed < place; passed++) start = line.indexOf(',', start) + 1
  const end = line.indexOf(',', start)
  return line.slice(start, end === -1 ? undefined : end)
}

const mayBeLinux = (line: string): boolean =>
  line.includes('Linux') && line.includes('Shared') && line.includes('Used')

/** The line of columns, and every line that may count or that is of no term. */
export async function* siftedLines(lines: Lines): AsyncGenerator<string> {
  let place = -1
  let before = 0
  for await (const several of lines) {
    for (const line of several) {
      if (place === -1) {
        place = placeOfTerm(line)
        if (place !== -1) yield line
        else if (++before > longestPreamble) return
        continue
      }
      const term = cellAt(line, place)
      if (term === '' ? line.trim() !== '' : term.includes('OnDemand') && mayBeLinux(line)) {
        yield line
      }
    }
  }
}

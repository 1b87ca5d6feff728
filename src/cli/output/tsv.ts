import type { Offer } from '#domain/offer'
import { type ExtraCells, flatTable, noExtraCells } from './flat-offer.ts'

const escapes = new Map([
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
])

const escape = (cell: string): string =>
  cell.replaceAll(/[\\\t\n\r]/g, (sign) => escapes.get(sign) ?? sign)

/** Lines of cells; a tab or line break within a cell is `\t` or `\n`. */
export const printTsvTable = (lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => `${cells.map(escape).join('\t')}\n`).join('')

/** A heading and one line an offer. */
export const printTsv = (offers: readonly Offer[], extra: ExtraCells = noExtraCells): string =>
  printTsvTable(flatTable(offers, extra))

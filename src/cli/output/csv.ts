import type { Offer } from '#domain/offer'
import { type ExtraCells, flatTable, noExtraCells } from './flat-offer.ts'

const quote = (cell: string): string =>
  /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell

/** Lines of cells, quoted as RFC 4180 says; the first is the heading. */
export const printCsvTable = (lines: readonly (readonly string[])[]): string =>
  lines.map((cells) => `${cells.map(quote).join(',')}\n`).join('')

/** A heading and one line an offer. */
export const printCsv = (offers: readonly Offer[], extra: ExtraCells = noExtraCells): string =>
  printCsvTable(flatTable(offers, extra))

import type { Offer } from '#domain/offer'
import { flatColumns, flattenOffer } from './flat-offer.ts'

const escapes = new Map([
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
])

const escape = (cell: string): string =>
  cell.replaceAll(/[\\\t\n\r]/g, (sign) => escapes.get(sign) ?? sign)

/** A heading and one line an offer; a tab or line break within a cell is `\t` or `\n`. */
export const printTsv = (offers: readonly Offer[]): string =>
  [flatColumns, ...offers.map((offer, index) => flattenOffer(offer, index + 1))]
    .map((cells) => `${cells.map(escape).join('\t')}\n`)
    .join('')
